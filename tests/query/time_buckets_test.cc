#include "query/time_buckets.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/query/time_zone_guard.h"

namespace tally::query {
namespace {

using namespace std::chrono_literals;

UtcTime at(std::string_view text) { return parse_rfc3339(text)->utc; }

std::string start(std::chrono::nanoseconds length, Zone zone, std::string_view time) {
  return format_rfc3339(TimeBuckets(length, zone).start_of(at(time)));
}

TEST(TimeBuckets, AreAlignedToTheClock) {
  EXPECT_EQ(start(5min, Zone::utc(), "2026-01-23T21:59:59.999Z"), "2026-01-23T21:55:00Z");
  EXPECT_EQ(start(5min, Zone::utc(), "2026-01-23T21:55:00Z"), "2026-01-23T21:55:00Z");
  EXPECT_EQ(start(6h, Zone::utc(), "2026-01-23T21:55:00Z"), "2026-01-23T18:00:00Z");
  EXPECT_EQ(start(24h, Zone::utc(), "2026-01-23T21:55:00Z"), "2026-01-23T00:00:00Z");
}

TEST(TimeBuckets, DaysBeginAtTheZonesMidnightAndWeeksOnMonday) {
  const TimeZoneGuard zone(kCentralEurope);
  EXPECT_EQ(start(24h, Zone::local(), "2026-01-23T23:30:00Z"), "2026-01-23T23:00:00Z");
  EXPECT_EQ(start(168h, Zone::local(), "2026-01-25T22:59:00Z"), "2026-01-18T23:00:00Z");
  EXPECT_EQ(start(168h, Zone::utc(), "2026-01-26T00:00:00Z"), "2026-01-26T00:00:00Z");
}

TEST(TimeBuckets, HoursOfAHalfHourZoneBeginWithItsHours) {
  const TimeZoneGuard zone("IST-5:30");
  EXPECT_EQ(start(1h, Zone::local(), "2026-01-23T10:45:00Z"), "2026-01-23T10:30:00Z");
}

std::vector<std::string> series(std::chrono::nanoseconds length, std::string_view from, int count) {
  TimeBuckets buckets(length, Zone::local());
  std::vector<std::string> starts;
  UtcTime time = buckets.start_of(at(from));
  for (int i = 0; i < count; ++i, time = buckets.next(time)) {
    starts.push_back(format_rfc3339(time));
  }
  return starts;
}

TEST(TimeBuckets, GoOnWhenTheClocksChange) {
  const TimeZoneGuard zone(kCentralEurope);
  using Starts = std::vector<std::string>;
  EXPECT_EQ(series(24h, "2026-03-28T12:00:00Z", 3),
            (Starts{"2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"}));
  EXPECT_EQ(series(24h, "2026-10-24T12:00:00Z", 3),
            (Starts{"2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"}));
  EXPECT_EQ(series(1h, "2026-10-25T00:10:00Z", 3),
            (Starts{"2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"}));
  EXPECT_EQ(series(2h, "2026-03-29T00:10:00Z", 3),
            (Starts{"2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"}));
}

// Whatever the length, a bucket holds the time that it is the start of, and starts never go back.
TEST(TimeBuckets, EveryTimeLiesInOneBucket) {
  const TimeZoneGuard zone(kCentralEurope);
  for (const auto length : {1min, 15min, 60min, 120min, 360min, 1440min, 10080min}) {
    TimeBuckets buckets(length, Zone::local());
    UtcTime last = buckets.start_of(at("2026-03-20T00:00:00Z"));
    for (UtcTime time = at("2026-03-20T00:00:00Z"); time < at("2026-04-05T00:00:00Z");
         time += 7min) {
      const UtcTime start_time = buckets.start_of(time);
      ASSERT_LE(start_time, time);
      ASSERT_LE(time - start_time, length + 1h);
      ASSERT_GE(start_time, last);
      ASSERT_EQ(buckets.start_of(start_time), start_time);
      last = start_time;
    }
  }
}

}  // namespace
}  // namespace tally::query
