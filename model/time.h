#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tally {

/// A point in time, in nanoseconds since 1970-01-01T00:00:00Z.
using UtcTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// A time as an event states it: the instant, and the offset from UTC in which it was written.
struct Timestamp {
  UtcTime utc;
  std::chrono::minutes offset{0};

  friend bool operator==(const Timestamp&, const Timestamp&) = default;
};

/// Reads RFC 3339 `date-time` (section 5.6): years 1970 to 2261, up to nine fractional digits, a
/// zone (`Z` or ±hh:mm), `T` and `Z` in either case. Refused: a space for `T`, second 60, a day
/// that the month does not have. Allocates nothing.
std::optional<Timestamp> parse_rfc3339(std::string_view text) noexcept;

/// Writes RFC 3339 in the given offset, "Z" for zero. The fraction takes three, six or nine digits,
/// the fewest that lose nothing, and is left out when it is zero.
std::string format_rfc3339(UtcTime time, std::chrono::minutes offset = std::chrono::minutes{0});

}  // namespace tally
