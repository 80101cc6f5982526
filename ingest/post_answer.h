#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "model/sequence.h"

namespace tally::ingest {

/// What a collector answers to `POST /v1/events`, as its client sees it.
struct PostAnswer {
  struct Rejected {
    std::uint64_t line = 0;  ///< from 1; of an array the element
    std::string reason;
  };

  std::uint64_t accepted = 0;
  Sequence first{};  ///< of the accepted events; 0 if there are none
  Sequence last{};
  std::uint64_t rejected_total = 0;
  std::vector<Rejected> rejected;  ///< the first of them
  std::string error;               ///< why nothing was taken; empty if the post was judged
};

/// Reads an answer's JSON body, {"accepted":…} or {"error":…}. Errc::invalid if it is neither.
Result<PostAnswer> read_post_answer(std::string_view body);

}  // namespace tally::ingest
