#include "query/zone.h"

#include <ctime>

namespace tally::query {
namespace {

namespace chr = std::chrono;

// Every zone since 1972 changes its offset at a whole quarter of an hour, so that one lookup serves
// all times in it.
constexpr chr::minutes kQuarter{15};

std::tm broken_down(LocalTime time) noexcept {
  const auto day = chr::floor<chr::days>(time);
  const chr::year_month_day date{day};
  const chr::hh_mm_ss clock{chr::floor<chr::seconds>(time - day)};
  std::tm parts{};
  parts.tm_year = static_cast<int>(date.year()) - 1900;
  parts.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  parts.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
  parts.tm_hour = static_cast<int>(clock.hours().count());
  parts.tm_min = static_cast<int>(clock.minutes().count());
  parts.tm_sec = static_cast<int>(clock.seconds().count());
  return parts;
}

}  // namespace

Zone Zone::utc() noexcept { return Zone{true}; }

Zone Zone::local() noexcept {
  tzset();
  return Zone{false};
}

chr::minutes Zone::offset_at(UtcTime time) noexcept {
  if (is_utc_) return chr::minutes{0};
  const auto quarter = chr::floor<chr::duration<std::int64_t, std::ratio<900>>>(time);
  const std::int64_t number = quarter.time_since_epoch().count();
  if (number == known_quarter_) return known_offset_;
  const std::time_t seconds = number * chr::seconds{kQuarter}.count();
  std::tm parts{};
  localtime_r(&seconds, &parts);
  known_quarter_ = number;
  known_offset_ = chr::floor<chr::minutes>(chr::seconds{parts.tm_gmtoff});
  return known_offset_;
}

LocalTime Zone::to_local(UtcTime time) noexcept {
  return LocalTime{(time + offset_at(time)).time_since_epoch()};
}

// libc may choose either of two readings; asked for daylight saving time it gives the first, and
// says by tm_isdst when that reading does not exist.
UtcTime Zone::to_utc(LocalTime time) noexcept {
  if (is_utc_) return UtcTime{time.time_since_epoch()};
  std::tm summer = broken_down(time);
  summer.tm_isdst = 1;
  std::time_t seconds = std::mktime(&summer);
  if (summer.tm_isdst != 1) {
    std::tm any = broken_down(time);
    any.tm_isdst = -1;
    seconds = std::mktime(&any);
  }
  const auto fraction = time - chr::floor<chr::seconds>(time);
  return UtcTime{chr::seconds{seconds}} + fraction;
}

}  // namespace tally::query
