#pragma once

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

namespace tally::query {

/// Sets the process's time zone for the length of a test.
class TimeZoneGuard {
 public:
  explicit TimeZoneGuard(const char* zone) {
    if (const char* before = std::getenv("TZ"); before != nullptr) before_ = before;
    setenv("TZ", zone, 1);
    tzset();
  }
  ~TimeZoneGuard() {
    if (before_) {
      setenv("TZ", before_->c_str(), 1);
    } else {
      unsetenv("TZ");
    }
    tzset();
  }
  TimeZoneGuard(const TimeZoneGuard&) = delete;
  TimeZoneGuard& operator=(const TimeZoneGuard&) = delete;

 private:
  std::optional<std::string> before_;
};

/// Central European time as POSIX writes its rule, so that no zone files are needed: an hour ahead
/// of UTC, two from the last Sunday of March 02:00 to the last of October 03:00.
inline constexpr const char* kCentralEurope = "CET-1CEST,M3.5.0,M10.5.0/3";

}  // namespace tally::query
