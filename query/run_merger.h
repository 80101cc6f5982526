#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "query/spill_file.h"

namespace tally::query {

/// A record with its key.
struct SortedRecord {
  SortKey key;
  std::string_view record;
};

/// Merges sorted runs of one file into one order. `file` must outlive it. One thread.
class RunMerger {
 public:
  static Result<RunMerger> open(store::File& file, std::span<const SpilledRun> runs,
                                std::size_t buffer_bytes);

  /// The next record in order; valid until the next call.
  Result<std::optional<SortedRecord>> next();

 private:
  RunMerger() = default;

  std::vector<RunReader> heap_;  // the smallest key in front
  bool front_is_used_ = false;   // next() has given out the record of the reader in front
};

}  // namespace tally::query
