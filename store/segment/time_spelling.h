#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tally::store {

/// How a time is written down, apart from its zone's text, which follows it.
struct TimeForm {
  static constexpr std::uint8_t kTrimmed = 15;  ///< fraction without zeros at its end, as Go's
  static constexpr std::uint8_t kFractionMax = 9;

  std::uint8_t fraction = 0;        ///< digits of the fraction, or kTrimmed
  bool lower_t = false;             ///< 't' between date and time of day
  std::int16_t offset_minutes = 0;  ///< of the zone

  friend bool operator==(const TimeForm&, const TimeForm&) = default;
};

struct SpelledTime {
  std::int64_t utc = 0;  ///< nanoseconds since 1970
  TimeForm form;
  std::size_t zone_length = 0;  ///< of the text at the end: "Z", "+01:00"
};

/// Reads RFC 3339 times. Not thread-safe: it remembers the minute and zone of the one before, which
/// most share.
class TimeReader {
 public:
  /// Nothing if `text` is no time that parse_rfc3339 accepts.
  std::optional<SpelledTime> read(std::string_view text) noexcept;

 private:
  std::optional<SpelledTime> read_new(std::string_view text) noexcept;

  static constexpr std::size_t kPrefixLength = 17;  ///< "2026-01-23T21:55:"
  std::array<char, kPrefixLength> prefix_{};
  std::array<char, 6> zone_{};
  std::size_t zone_length_ = 0;  ///< 0: nothing is remembered
  std::int64_t minute_utc_ = 0;
  std::int16_t offset_minutes_ = 0;
};

/// The most that TimeWriter writes.
inline constexpr std::size_t kTimeBytesMax = 32;

/// Writes times. Not thread-safe: it remembers the minute of the one before.
class TimeWriter {
 public:
  /// Writes everything but the zone's text; returns the end.
  char* write(char* out, std::int64_t utc, const TimeForm& form) noexcept;

 private:
  void remember(std::int64_t minute) noexcept;

  std::array<char, 20> prefix_{};
  std::int64_t minute_ = -1;  ///< local minutes since 1970 that prefix_ shows; -1: none
};

}  // namespace tally::store
