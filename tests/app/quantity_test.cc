#include "app/quantity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tally::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(Quantity, SizesHaveUnits) {
  EXPECT_EQ(parse_size("67108864", 0, 1ULL << 40).value(), 67108864u);
  EXPECT_EQ(parse_size("64MiB", 0, 1ULL << 40).value(), 67108864u);
  EXPECT_EQ(parse_size("1 GiB", 0, 1ULL << 40).value(), 1ULL << 30);
  EXPECT_EQ(parse_size("500kB", 0, 1ULL << 40).value(), 500'000u);
  EXPECT_EQ(parse_size("7B", 0, 1ULL << 40).value(), 7u);
}

TEST(Quantity, NonsenseAndOverflowAreRefused) {
  for (const char* text : {"", "MiB", "-1", "1.5MiB", "1 mib", "1MiB ", "99999999999999999999",
                           "18446744073709551615GiB"}) {
    EXPECT_FALSE(parse_size(text, 0, 1ULL << 40)) << text;
  }
  for (const char* text : {"", "-1", "+1", "1x", " 1", "99999999999999999999"}) {
    EXPECT_FALSE(parse_count(text, 0, ~0ULL)) << text;
  }
}

TEST(Quantity, LimitsAreNamed) {
  EXPECT_THAT(parse_size("1GiB", 1 << 20, 1 << 26).error().context,
              HasSubstr("is not between 1MiB and 64MiB"));
  EXPECT_THAT(parse_count("8", 1, 7).error().context, HasSubstr("is not between 1 and 7"));
  EXPECT_EQ(parse_count("7", 1, 7).value(), 7u);
}

TEST(Quantity, SizesAndDurationsArePrintedInTheLargestWholeUnit) {
  EXPECT_EQ(format_size(64 << 20), "64MiB");
  EXPECT_EQ(format_size(1025), "1025");
  EXPECT_EQ(format_size(0), "0");
  EXPECT_EQ(format_duration(24h), "24h");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(1500ms), "1500ms");
}

}  // namespace
}  // namespace tally::app
