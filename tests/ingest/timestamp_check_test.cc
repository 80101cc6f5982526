#include "ingest/timestamp_check.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "model/time.h"

namespace tally::ingest {
namespace {

// Changes one or two bytes of good times, most of them on the day before's day, so that the short
// way is taken and left at each of its steps.
TEST(TimestampCheck, AgreesWithTheParser) {
  constexpr std::uint64_t kSeed = 11;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  constexpr std::string_view kBytes = "0123456789:.+-TtZz /";
  constexpr std::string_view kGood[] = {
      "2026-01-23T21:55:09.592561+00:00", "2026-01-23T21:55:09+00:00", "2026-01-23T21:55:09Z",
      "2026-01-23T09:05:00.1Z", "2026-01-23T23:59:59.123456789+00:00"};
  std::mt19937_64 random(kSeed);
  TimestampCheck check;
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text(kGood[random() % std::size(kGood)]);
    for (std::uint64_t changes = random() % 3; changes > 0; --changes) {
      text[random() % text.size()] = kBytes[random() % kBytes.size()];
    }
    if (random() % 16 == 0) text.resize(random() % text.size());
    const bool expected = parse_rfc3339(text).has_value();
    accepted += expected;
    ASSERT_EQ(check.accepts(text), expected) << text;
  }
  EXPECT_GT(accepted, 50'000);
  EXPECT_LT(accepted, 190'000);
}

TEST(TimestampCheck, RefusesBytesWithTheHighBit) {
  TimestampCheck check;
  ASSERT_TRUE(check.accepts("2026-01-23T21:55:09Z"));
  for (std::size_t i = 0; i < 20; ++i) {
    std::string text = "2026-01-23T21:55:09Z";
    text[i] = static_cast<char>(text[i] | 0x80);
    EXPECT_FALSE(check.accepts(text)) << i;
  }
}

}  // namespace
}  // namespace tally::ingest
