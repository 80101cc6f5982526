#include "query/time_expression.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/query/time_zone_guard.h"

namespace tally::query {
namespace {

using namespace std::chrono_literals;

// 2026-01-23 13:00 in Berlin.
const UtcTime kNow = parse_rfc3339("2026-01-23T12:00:00Z")->utc;

std::string read(std::string_view text, Zone zone) {
  const auto time = parse_time_expression(text, kNow, zone);
  return time ? format_rfc3339(time.value()) : to_string(time.error().code).data();
}

TEST(TimeExpression, ReadsRfc3339WithItsOwnZone) {
  EXPECT_EQ(read("2026-01-23T21:55:09.592561+01:00", Zone::utc()), "2026-01-23T20:55:09.592561Z");
  EXPECT_EQ(read("2026-01-23t21:55:09z", Zone::utc()), "2026-01-23T21:55:09Z");
}

TEST(TimeExpression, ReadsDatesAndTimesOfTheZone) {
  const TimeZoneGuard zone(kCentralEurope);
  EXPECT_EQ(read("2026-01-23", Zone::local()), "2026-01-22T23:00:00Z");
  EXPECT_EQ(read("2026-07-23", Zone::local()), "2026-07-22T22:00:00Z");
  EXPECT_EQ(read("2026-01-23", Zone::utc()), "2026-01-23T00:00:00Z");
  EXPECT_EQ(read("2026-01-23 21:55", Zone::local()), "2026-01-23T20:55:00Z");
  EXPECT_EQ(read("2026-01-23T21:55", Zone::utc()), "2026-01-23T21:55:00Z");
  EXPECT_EQ(read("2026-01-23 21:55:09", Zone::utc()), "2026-01-23T21:55:09Z");
  EXPECT_EQ(read("2026-01-23 21:55:09.123", Zone::utc()), "2026-01-23T21:55:09.123Z");
}

TEST(TimeExpression, KnowsWordsForDays) {
  const TimeZoneGuard zone(kCentralEurope);
  EXPECT_EQ(read("now", Zone::local()), "2026-01-23T12:00:00Z");
  EXPECT_EQ(read("today", Zone::local()), "2026-01-22T23:00:00Z");
  EXPECT_EQ(read("yesterday", Zone::local()), "2026-01-21T23:00:00Z");
  EXPECT_EQ(read("yesterday", Zone::utc()), "2026-01-22T00:00:00Z");
}

TEST(TimeExpression, DurationsAreCountedBackFromNow) {
  EXPECT_EQ(read("1h", Zone::utc()), "2026-01-23T11:00:00Z");
  EXPECT_EQ(read("-1h", Zone::utc()), "2026-01-23T11:00:00Z");
  EXPECT_EQ(read("90m", Zone::utc()), "2026-01-23T10:30:00Z");
  EXPECT_EQ(read("1h30m", Zone::utc()), "2026-01-23T10:30:00Z");
  EXPECT_EQ(read("2d", Zone::utc()), "2026-01-21T12:00:00Z");
  EXPECT_EQ(read("1w", Zone::utc()), "2026-01-16T12:00:00Z");
  EXPECT_EQ(read("1500ms", Zone::utc()), "2026-01-23T11:59:58.500Z");
}

TEST(TimeExpression, YesterdayIsADayOnTheCalendarWhenTheClocksChange) {
  const TimeZoneGuard zone(kCentralEurope);
  const UtcTime noon = parse_rfc3339("2026-03-29T10:00:00Z")->utc;  // the day has 23 hours
  EXPECT_EQ(parse_time_expression("today", noon, Zone::local()).value(),
            parse_rfc3339("2026-03-28T23:00:00Z")->utc);
  const UtcTime monday = noon + 24h;
  EXPECT_EQ(parse_time_expression("yesterday", monday, Zone::local()).value(),
            parse_rfc3339("2026-03-28T23:00:00Z")->utc);
}

TEST(TimeExpression, AnHourThatOccursTwiceIsTheFirst) {
  const TimeZoneGuard zone(kCentralEurope);
  EXPECT_EQ(read("2026-10-25 02:30", Zone::local()), "2026-10-25T00:30:00Z");
  EXPECT_EQ(read("2026-10-25 03:30", Zone::local()), "2026-10-25T02:30:00Z");
}

TEST(TimeExpression, AnHourThatIsSkippedGoesOnAsIfNothingHadChanged) {
  const TimeZoneGuard zone(kCentralEurope);
  EXPECT_EQ(read("2026-03-29 02:30", Zone::local()), "2026-03-29T01:30:00Z");
}

TEST(TimeExpression, RefusesTheRestAndShowsTheForms) {
  for (const std::string_view text : {"",
                                      "-",
                                      "1",
                                      "h",
                                      "1x",
                                      "1h30",
                                      "--1h",
                                      "2026",
                                      "2026-13-01",
                                      "2026-02-30",
                                      "2026-01-23 24:00",
                                      "2026-01-23 21",
                                      "2026-01-23 21:55:61",
                                      "tomorrow",
                                      "0h",
                                      "1.5h",
                                      "99999999999w",
                                      "9999999999999999999h",
                                      "2026-01-23x21:55",
                                      "1000000h"}) {
    const auto time = parse_time_expression(text, kNow, Zone::utc());
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, Errc::invalid);
    EXPECT_NE(time.error().context.find("1h30m"), std::string::npos);
  }
}

TEST(Duration, ReadsSumsOfUnits) {
  EXPECT_EQ(parse_duration("1h30m").value(), 90min);
  EXPECT_EQ(parse_duration("250ms").value(), 250ms);
  EXPECT_EQ(parse_duration("1w").value(), 168h);
  EXPECT_FALSE(parse_duration("0s"));
  EXPECT_FALSE(parse_duration("-1h"));
  EXPECT_FALSE(parse_duration(""));
}

}  // namespace
}  // namespace tally::query
