#include "query/group_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace tally::query {
namespace {

TEST(GroupTable, CountsAsAMapDoes) {
  std::mt19937 random(7);
  GroupTable table;
  std::map<std::string, std::uint64_t> expected;
  for (int i = 0; i < 50'000; ++i) {
    const std::string key = std::to_string(random() % 5000);
    ASSERT_TRUE(table.add(key, 2));
    expected[key] += 2;
  }
  std::map<std::string, std::uint64_t> got;
  for (const auto& group : table.groups()) got[std::string(table.key_of(group))] = group.count;
  EXPECT_EQ(got, expected);
  EXPECT_EQ(table.count_of("17"), expected["17"]);
  EXPECT_EQ(table.count_of("none"), 0u);
}

TEST(GroupTable, RefusesMoreGroupsThanItMayHold) {
  GroupTable table(2);
  ASSERT_TRUE(table.add("a", 1));
  ASSERT_TRUE(table.add("", 1));
  EXPECT_EQ(table.add("c", 1).error().code, Errc::too_large);
  EXPECT_TRUE(table.add("a", 1));
  EXPECT_EQ(table.count_of("a"), 2u);
}

}  // namespace
}  // namespace tally::query
