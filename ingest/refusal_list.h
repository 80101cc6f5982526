#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/sha256_stream.h"
#include "ingest/validator.h"

namespace tally::ingest {

/// Collects the refused events of a body, with copies of their bytes. Past Validator::kRefusalsMax
/// they become one entry, so that a body of rubbish costs no more than a body.
class RefusalList {
 public:
  explicit RefusalList(std::vector<Refusal>& list) noexcept : list_(list) {}

  void start() noexcept;
  void add(std::uint32_t line, std::uint64_t offset, std::string_view event, std::string reason);
  void finish();

 private:
  void merge(std::uint32_t line, std::uint64_t offset, std::string_view event,
             const std::string& reason);

  std::vector<Refusal>& list_;
  Sha256Stream hash_;
  std::uint64_t merged_ = 0;  ///< events in the last entry
};

}  // namespace tally::ingest
