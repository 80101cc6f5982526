#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "model/result.h"

namespace tally::bench {

/// What a client posted in one request: whole lines, each ended by LF. A view into the caller's.
/// The first lines of all bodies must differ.
struct PostedBody {
  std::string_view lines;
  std::uint64_t events = 0;
};

/// A 200 that a client got: body number `body` is at sequences first_seq on.
struct Acknowledged {
  std::size_t body = 0;
  std::uint64_t first_seq = 0;
};

/// What a store was found to hold.
struct StoreFindings {
  std::uint64_t events = 0;                 ///< in all, sequences 1 to this without a gap
  std::uint64_t acknowledged_requests = 0;  ///< all found at their sequences, byte for byte
  std::uint64_t acknowledged_events = 0;
  std::uint64_t survivors = 0;  ///< requests that were stored whole but not answered
  std::uint64_t survivor_events = 0;
  std::vector<std::uint64_t> survivors_by_body;
};

/// Reads the whole store and compares. Errc::corruption, with the sequence, at the first event that
/// is lost, altered, out of order, from nowhere, or of a request that is there only in part.
Result<StoreFindings> check_store(const std::filesystem::path& directory,
                                  const std::vector<PostedBody>& bodies,
                                  std::vector<Acknowledged> acknowledged);

}  // namespace tally::bench
