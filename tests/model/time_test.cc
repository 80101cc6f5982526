#include "model/time.h"

#include <gtest/gtest.h>

namespace tally {
namespace {

using std::chrono::minutes;

std::int64_t nanos(std::string_view text) {
  const auto time = parse_rfc3339(text);
  EXPECT_TRUE(time) << text;
  return time ? time->utc.time_since_epoch().count() : -1;
}

TEST(Rfc3339, ReadsWhatPythonGoAndJavaScriptWrite) {
  EXPECT_EQ(nanos("2026-01-23T21:55:09.592561+00:00"), 1769205309592561000);
  EXPECT_EQ(nanos("2026-01-23T21:55:09+00:00"), 1769205309000000000);
  EXPECT_EQ(nanos("2026-01-23T21:55:09.592561123Z"), 1769205309592561123);
  EXPECT_EQ(nanos("2026-01-23T21:55:09.592Z"), 1769205309592000000);
  EXPECT_EQ(nanos("2026-01-23t21:55:09z"), 1769205309000000000);
}

TEST(Rfc3339, KeepsTheOffset) {
  const auto time = parse_rfc3339("2026-01-24T03:25:09+05:30");
  ASSERT_TRUE(time);
  EXPECT_EQ(time->offset, minutes{330});
  EXPECT_EQ(time->utc, parse_rfc3339("2026-01-23T21:55:09Z")->utc);
  EXPECT_EQ(parse_rfc3339("2026-01-23T21:55:09-08:00")->offset, minutes{-480});
}

TEST(Rfc3339, ReachesFrom1970To2261) {
  EXPECT_EQ(nanos("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(nanos("2261-12-31T23:59:59.999999999Z"), 9214646399999999999);
  EXPECT_FALSE(parse_rfc3339("1969-12-31T23:59:59Z"));
  EXPECT_FALSE(parse_rfc3339("2262-01-01T00:00:00Z"));
}

TEST(Rfc3339, RefusesWhatIsNotATime) {
  for (const char* text : {"",
                           "2026",
                           "2026-01-23",
                           "2026-01-23T21:55:09",
                           "2026-01-23 21:55:09Z",
                           "2026-01-23T21:55Z",
                           "2026-01-23T21:55:60Z",
                           "2026-01-23T24:00:00Z",
                           "2026-01-23T21:60:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-23T21:55:09.Z",
                           "2026-01-23T21:55:09.1234567890Z",
                           "2026-01-23T21:55:09,5Z",
                           "2026-01-23T21:55:09+0000",
                           "2026-01-23T21:55:09+24:00",
                           "2026-01-23T21:55:09+00:60",
                           "2026-01-23T21:55:09ZZ",
                           " 2026-01-23T21:55:09Z",
                           "+026-01-23T21:55:09Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Rfc3339, AcceptsTheLeapDayOfALeapYear) {
  EXPECT_TRUE(parse_rfc3339("2028-02-29T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("2100-02-29T00:00:00Z"));
}

TEST(Rfc3339, PrintsTheFewestDigitsThatLoseNothing) {
  for (const char* text :
       {"2026-01-23T21:55:09Z", "2026-01-23T21:55:09.500Z", "2026-01-23T21:55:09.592561+02:00",
        "2026-01-23T21:55:09.000000001-11:30", "1970-01-01T00:00:00Z"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_rfc3339(time->utc, time->offset), text);
  }
}

}  // namespace
}  // namespace tally
