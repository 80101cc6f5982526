#include "model/nearest_name.h"

#include <gtest/gtest.h>

#include <array>

namespace tally {
namespace {

TEST(NearestName, TakesTheFewestEdits) {
  constexpr std::array<std::string_view, 3> kKnown{"listen", "data", "durability"};
  EXPECT_EQ(nearest_name("lisen", kKnown), "listen");
  EXPECT_EQ(nearest_name("dta", kKnown), "data");
  EXPECT_EQ(nearest_name("durabilty", kKnown), "durability");
  EXPECT_EQ(nearest_name("data", kKnown), "data");
  EXPECT_EQ(nearest_name("x", {}), "");
}

}  // namespace
}  // namespace tally
