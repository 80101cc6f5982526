#include "store/segment/word_table.h"

#include <gtest/gtest.h>

#include <string>

namespace tally::store {
namespace {

TEST(WordTable, GivesEachTextOneCode) {
  WordTable words;
  WordBudget budget{1 << 20};
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < 1000; ++i) {
      EXPECT_EQ(words.find_or_add("word " + std::to_string(i), 1000, budget), i);
    }
  }
  EXPECT_EQ(words.size(), 1000U);
  EXPECT_EQ(words.uses(), 2000U);
  EXPECT_EQ(words.text(17), "word 17");
  EXPECT_EQ(words.find("word 999"), 999U);
  EXPECT_FALSE(words.find("word 1000"));
}

TEST(WordTable, TakesNoMoreThanItMay) {
  WordTable words;
  WordBudget budget{100};
  EXPECT_TRUE(words.find_or_add("one", 2, budget));
  EXPECT_TRUE(words.find_or_add("two", 2, budget));
  EXPECT_FALSE(words.find_or_add("three", 2, budget));
  EXPECT_FALSE(words.find_or_add(std::string(100, 'x'), 10, budget));
  EXPECT_TRUE(words.find_or_add("one", 2, budget));
  EXPECT_FALSE(WordTable().find("one"));
}

TEST(WordTable, SettlesNewWordsByUse) {
  WordTable words;
  WordBudget budget{1 << 20};
  words.find_or_add("old", 10, budget);
  EXPECT_EQ(words.settle(), std::vector<std::uint32_t>{0});
  words.find_or_add("rare", 10, budget);
  for (int i = 0; i < 3; ++i) words.find_or_add("frequent", 10, budget);
  words.use("rare");
  EXPECT_EQ(words.settle(), (std::vector<std::uint32_t>{2, 1}));
  EXPECT_EQ(words.find("old"), 0U);
  EXPECT_EQ(words.find("frequent"), 1U);
  EXPECT_EQ(words.find("rare"), 2U);
  EXPECT_EQ(words.text(1), "frequent");
  EXPECT_TRUE(words.settle().empty());
}

}  // namespace
}  // namespace tally::store
