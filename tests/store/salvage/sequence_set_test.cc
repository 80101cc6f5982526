#include "store/salvage/sequence_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace tally::store {
namespace {

SequenceRange range(std::uint64_t first, std::uint64_t end) {
  return {Sequence{first}, Sequence{end}};
}

TEST(SequenceSet, JoinsWhatTouchesAndTellsWhatIsNew) {
  SequenceSet set;
  EXPECT_EQ(set.add(range(10, 20)), std::vector{range(10, 20)});
  EXPECT_EQ(set.add(range(20, 30)), std::vector{range(20, 30)});
  EXPECT_EQ(set.add(range(5, 40)), (std::vector{range(5, 10), range(30, 40)}));
  EXPECT_TRUE(set.add(range(5, 40)).empty());
  EXPECT_TRUE(set.add(range(7, 7)).empty());
  EXPECT_EQ(set.missing(range(1, 50)), (std::vector{range(1, 5), range(40, 50)}));
  EXPECT_EQ(set.span(), range(5, 40));
}

TEST(SequenceSet, IsThePlainSetAtRandom) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  SequenceSet set;
  std::set<std::uint64_t> plain;
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t first = random() % 400;
    const std::uint64_t end = first + random() % 20;
    std::set<std::uint64_t> added;
    for (const SequenceRange& part : set.add(range(first, end))) {
      for (auto s = to_number(part.first); s < to_number(part.end); ++s) added.insert(s);
    }
    std::set<std::uint64_t> expected;
    for (auto s = first; s < end; ++s) {
      if (plain.insert(s).second) expected.insert(s);
    }
    ASSERT_EQ(added, expected);
  }
}

}  // namespace
}  // namespace tally::store
