#include "net/byte_budget.h"

#include <gtest/gtest.h>

#include <vector>

namespace tally::net {
namespace {

TEST(ByteBudget, GivesUntilNothingIsLeft) {
  ByteBudget budget(100);
  EXPECT_TRUE(budget.try_reserve(60));
  EXPECT_FALSE(budget.try_reserve(41));
  EXPECT_TRUE(budget.try_reserve(40));
  EXPECT_EQ(budget.reserved(), 100U);
  budget.release(60);
  EXPECT_TRUE(budget.try_reserve(60));
}

TEST(ByteBudget, ServesTheLineInOrderAndNobodyOvertakes) {
  ByteBudget budget(100);
  ASSERT_TRUE(budget.try_reserve(50));
  std::vector<int> served;
  budget.wait(80, [&] { served.push_back(1); });
  budget.wait(10, [&] { served.push_back(2); });
  EXPECT_FALSE(budget.try_reserve(10)) << "it would fit, but others were there first";
  EXPECT_TRUE(served.empty());
  budget.release(50);
  EXPECT_EQ(served, (std::vector{1, 2}));
  EXPECT_EQ(budget.reserved(), 90U);
}

TEST(ByteBudget, ServesAtOnceWhatFitsWhenNobodyWaits) {
  ByteBudget budget(100);
  bool served = false;
  budget.wait(100, [&] { served = true; });
  EXPECT_TRUE(served);
}

TEST(ByteBudget, WhoLeavesTheLineLetsTheNextOneUp) {
  ByteBudget budget(100);
  ASSERT_TRUE(budget.try_reserve(50));
  bool served = false;
  const ByteBudget::Ticket first = budget.wait(80, [] { FAIL(); });
  budget.wait(50, [&] { served = true; });
  EXPECT_TRUE(budget.cancel(first));
  EXPECT_TRUE(served);
  EXPECT_EQ(budget.reserved(), 100U);
}

TEST(ByteBudget, WhoHasBeenServedCannotLeave) {
  ByteBudget budget(100);
  const ByteBudget::Ticket ticket = budget.wait(80, [] {});
  EXPECT_FALSE(budget.cancel(ticket));
  EXPECT_EQ(budget.reserved(), 80U);
}

}  // namespace
}  // namespace tally::net
