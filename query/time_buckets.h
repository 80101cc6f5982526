#pragma once

#include <chrono>

#include "model/time.h"
#include "query/zone.h"

namespace tally::query {

/// Cuts time into buckets of one length. Below an hour they are aligned to UTC, and so to the clock
/// on the wall; whole hours and days to the zone's midnight (a day may then have 23 or 25 hours),
/// whole weeks to Monday. One thread.
class TimeBuckets {
 public:
  TimeBuckets(std::chrono::nanoseconds length, Zone zone) noexcept;

  /// The beginning of the bucket that `time` lies in.
  UtcTime start_of(UtcTime time) noexcept;

  /// The beginning of the bucket after the one that begins at `start`.
  UtcTime next(UtcTime start) noexcept;

 private:
  std::chrono::nanoseconds length_;
  Zone zone_;
  std::chrono::nanoseconds origin_{0};  // since 1970, where some bucket begins
};

}  // namespace tally::query
