#include "store/segment/time_spelling.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "model/time.h"

namespace tally::store {
namespace {

std::string write(std::int64_t utc, const TimeForm& form) {
  std::array<char, kTimeBytesMax> text;
  TimeWriter writer;
  return {text.data(), writer.write(text.data(), utc, form)};
}

TEST(TimeSpelling, GivesBackEveryTimeThatTheContractAccepts) {
  TimeReader reader;
  for (const std::string text :
       {"2026-01-23T21:55:09.592561+00:00", "2026-01-23T21:55:09+00:00", "2026-01-23T21:55:09Z",
        "2026-01-23t21:55:09.5z", "2026-01-23T21:55:09.000000001-08:00",
        "2026-01-23T21:55:09.100+05:45", "2026-01-23T21:55:09.10-00:00",
        "1970-01-01T00:00:00+23:59", "1970-01-01T00:00:00-23:59", "2028-02-29T23:59:59.999999999Z",
        "2261-12-31T23:59:59.999999999-23:59", "2026-03-29T01:59:59.000000+01:00"}) {
    const auto read = reader.read(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->utc, parse_rfc3339(text)->utc.time_since_epoch().count()) << text;
    const std::string zone = text.substr(text.size() - read->zone_length);
    EXPECT_EQ(write(read->utc, read->form) + zone, text);
    // Once more, with the minute remembered.
    EXPECT_EQ(reader.read(text)->utc, read->utc);
  }
}

TEST(TimeSpelling, TakesNothingElseForATime) {
  TimeReader reader;
  ASSERT_TRUE(reader.read("2026-01-23T21:55:09.592561+00:00"));
  for (const char* const text :
       {"", "2026-01-23", "2026-01-23T21:55:60+00:00", "2026-01-23T21:55:9+00:00",
        "2026-01-23T21:55:09.+00:00", "2026-01-23T21:55:09.1234567890+00:00",
        "2026-01-23T21:55:0x+00:00", "2026-01-23T21:55:09,5+00:00", "2026-02-30T21:55:09Z",
        "2026-01-23T21:55:09.592561+0000"}) {
    EXPECT_FALSE(reader.read(text)) << text;
  }
}

TEST(TimeSpelling, KeepsOneFormPerWriter) {
  TimeReader reader;
  const auto form = [&](const char* text) { return reader.read(text)->form.fraction; };
  EXPECT_EQ(form("2026-01-23T21:55:09.592560+00:00"), 6);  // Python keeps its zeros
  EXPECT_EQ(form("2026-01-23T21:55:09.592561+00:00"), 6);
  EXPECT_EQ(form("2026-01-23T21:55:09.592Z"), 3);                         // JavaScript too
  EXPECT_EQ(form("2026-01-23T21:55:09.592561123Z"), TimeForm::kTrimmed);  // Go does not
  EXPECT_EQ(form("2026-01-23T21:55:09.59256112Z"), TimeForm::kTrimmed);
  EXPECT_EQ(form("2026-01-23T21:55:09.592561120Z"), 9);
}

TEST(TimeSpelling, WritesSomethingOfBoundedLengthForAnyNumber) {
  for (const std::int64_t utc : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                 std::numeric_limits<std::int64_t>::max()}) {
    for (const int offset : {-1440, 0, 1440}) {
      EXPECT_EQ(
          write(utc, {.fraction = 9, .offset_minutes = static_cast<std::int16_t>(offset)}).size(),
          29U);
    }
  }
}

}  // namespace
}  // namespace tally::store
