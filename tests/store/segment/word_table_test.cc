#include "store/segment/word_table.h"

#include <gtest/gtest.h>

#include <string>

#include "store/segment/text_hash.h"
#include "tests/store/segment/hostile_texts.h"

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

TEST(WordTable, TakesFewOfTheTextsThatWereChosenToHaveOneHash) {
  ASSERT_EQ(text_hash(tests::text_of_one_hash(0)), text_hash(tests::text_of_one_hash(1023)));
  WordTable words;
  WordBudget budget{1 << 20};
  std::uint32_t taken = 0;
  for (unsigned i = 0; i < 1024; ++i) {
    if (words.find_or_add(tests::text_of_one_hash(i), 2000, budget)) ++taken;
  }
  EXPECT_LT(taken, 200U);
  EXPECT_EQ(words.size(), taken);
  // Others go in, but for the few that would lie behind all of them, and what was taken stays.
  std::uint32_t others = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    if (words.find_or_add("word " + std::to_string(i), 2000, budget)) ++others;
  }
  EXPECT_GT(others, 950U);
  EXPECT_EQ(words.size(), taken + others);
  for (std::uint32_t i = 0; i < taken; ++i) EXPECT_EQ(words.find(tests::text_of_one_hash(i)), i);
}

}  // namespace
}  // namespace tally::store
