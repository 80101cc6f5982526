#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/segment/integer_codec.h"

namespace tally::store {

/// What remains of the journal's commits besides their events and runs: from it, and from what a
/// reader recomputes (sequences, hashes of lines, hash of the core before), each commit's core is
/// made again byte for byte.
struct CommitOutlines {
  std::vector<std::int64_t> frames;        ///< data frames, per commit
  std::vector<std::int64_t> runs;          ///< runs, per commit
  std::vector<std::int64_t> frame_counts;  ///< events, per data frame

  std::size_t size() const noexcept { return frames.size(); }
  void clear() {
    frames.clear();
    runs.clear();
    frame_counts.clear();
  }
  friend bool operator==(const CommitOutlines&, const CommitOutlines&) = default;
};

void put_outlines(std::string& out, const CommitOutlines& outlines, IntegerEncoder& integers);

/// False: they are not there, or past a limit.
bool read_outlines(std::string_view part, IntegerDecoder& integers, CommitOutlines& outlines);

}  // namespace tally::store
