#pragma once

#include <chrono>
#include <cstdint>

#include "model/time.h"

namespace tally::query {

/// A reading of clock and calendar without a zone.
using LocalTime = std::chrono::local_time<std::chrono::nanoseconds>;

/// UTC or the computer's own time zone (TZ, /etc/localtime), as libc knows it. Cheap to copy; not
/// thread-safe: it remembers the last offset that it looked up.
class Zone {
 public:
  static Zone utc() noexcept;
  static Zone local() noexcept;

  /// The zone's offset from UTC at `time`.
  std::chrono::minutes offset_at(UtcTime time) noexcept;

  LocalTime to_local(UtcTime time) noexcept;

  /// Where daylight saving time makes a reading occur twice, the first; where it skips one, the
  /// instant that the clock would have shown had it not been put forward.
  UtcTime to_utc(LocalTime time) noexcept;

 private:
  explicit Zone(bool is_utc) noexcept : is_utc_(is_utc) {}

  bool is_utc_;
  std::int64_t known_quarter_ = -1;  ///< quarter of an hour since 1970 that known_offset_ is of
  std::chrono::minutes known_offset_{0};
};

}  // namespace tally::query
