#include "query/needle.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tally::query {
namespace {

TEST(Needle, AgreesWithAPlainSearch) {
  std::mt19937 random(20260123);
  const auto text = [&](std::size_t length_max) {
    std::string made(random() % (length_max + 1), ' ');
    for (char& c : made) c = "ab\"\xC3"[random() % 4];
    return made;
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::string line = text(40);
    const std::string needle = text(6);
    ASSERT_EQ(Needle(needle).is_in(line), line.find(needle) != std::string::npos)
        << needle << " in " << line;
  }
}

TEST(Needle, LooksNotBeyondTheLine) {
  const std::string bytes = "some line";
  EXPECT_FALSE(Needle("line").is_in(std::string_view(bytes).substr(0, 8)));
  EXPECT_TRUE(Needle("line").is_in(bytes));
  EXPECT_TRUE(Needle("").is_in(""));
  EXPECT_FALSE(Needle("a").is_in(""));
}

}  // namespace
}  // namespace tally::query
