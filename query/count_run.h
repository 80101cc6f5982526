#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/result.h"
#include "query/group_table.h"
#include "query/label.h"
#include "query/matcher.h"
#include "query/scan.h"
#include "query/time_buckets.h"
#include "store/cursor.h"

namespace tally::query {

struct CountOptions {
  std::vector<Label> by;
  std::optional<std::chrono::nanoseconds> every;
  std::optional<std::uint64_t> top;  ///< only the groups with the highest counts
  Zone zone = Zone::local();
  std::size_t groups_max = GroupTable::kGroupsMax;
};

/// One line of a count: a group, in one bucket of time if there are any.
struct CountRow {
  std::optional<UtcTime> bucket;
  std::vector<std::string> values;  ///< of the labels, in their order
  std::uint64_t count = 0;

  friend bool operator==(const CountRow&, const CountRow&) = default;
};

/// Counts events by labels and time: is fed the store chunk by chunk. One thread.
class CountRun {
 public:
  CountRun(Matcher matcher, CountOptions options);

  /// Errc::too_large if there are too many groups. Always true.
  Result<bool> take(const store::Chunk& chunk);

  /// The rows: by time first, then the highest count first, then by values. A series without labels
  /// has a row for every bucket from its first to its last, empty ones too; a total has one row.
  Result<std::vector<CountRow>> rows();

  std::uint64_t found() const noexcept { return stats_.matched; }
  ScanStats& stats() noexcept { return stats_; }

 private:
  Result<void> count(ScannedEvent& event);
  Result<void> keep_top(std::vector<CountRow>& rows) const;
  Result<void> fill_gaps(std::vector<CountRow>& rows);
  CountRow row_of(const GroupTable::Group& group) const;

  CountOptions options_;
  Matcher matcher_;
  std::optional<TimeBuckets> buckets_;
  ScanReaders readers_;
  GroupTable groups_;
  ScanStats stats_;
  std::string key_;  // scratch
};

}  // namespace tally::query
