#pragma once

#include <array>
#include <string_view>

namespace tally::ingest {

/// Whether texts are times as parse_rfc3339() takes them. Events come in the order of their times,
/// so the day that was right for the last one is not worked out again. Not thread-safe.
class TimestampCheck {
 public:
  bool accepts(std::string_view text) noexcept;

 private:
  static constexpr std::size_t kDayLength = 11;  // of "2026-01-23T"

  std::array<char, kDayLength> day_{};  ///< of the last time that was parsed in full
};

}  // namespace tally::ingest
