#include "shipper/kafka/delivery_window.h"

#include <gtest/gtest.h>

namespace tally::shipper {
namespace {

using Confirmed = DeliveryWindow::Confirmed;

TEST(DeliveryWindow, ConfirmsUpToTheFirstThatIsMissing) {
  DeliveryWindow window;
  const auto first = window.add(Sequence{5}, 10);
  const auto second = window.add(Sequence{6}, 20);
  const auto third = window.add(Sequence{9}, 40);
  window.confirm(second);
  EXPECT_FALSE(window.take_confirmed());
  window.confirm(first);
  EXPECT_EQ(window.take_confirmed(), (Confirmed{Sequence{7}, 2, 30}));
  EXPECT_FALSE(window.take_confirmed());
  window.confirm(third);
  EXPECT_EQ(window.take_confirmed(), (Confirmed{Sequence{10}, 1, 40}));
  EXPECT_TRUE(window.empty());
}

TEST(DeliveryWindow, CountsMemoryUntilItIsConfirmed) {
  DeliveryWindow window;
  const auto first = window.add(Sequence{1}, 100);
  const auto second = window.add(Sequence{2}, 50);
  EXPECT_EQ(window.memory(), 150 + 2 * DeliveryWindow::kRecordBytes);
  window.confirm(second);
  EXPECT_EQ(window.memory(), 100 + DeliveryWindow::kRecordBytes);
  window.confirm(first);
  EXPECT_EQ(window.memory(), 0u);
}

TEST(DeliveryWindow, TakesBackWhatWasNotWanted) {
  DeliveryWindow window;
  window.add(Sequence{1}, 100);
  window.take_back();
  EXPECT_EQ(window.memory(), 0u);
  EXPECT_TRUE(window.empty());
  window.confirm(window.add(Sequence{1}, 100));
  EXPECT_EQ(window.take_confirmed(), (Confirmed{Sequence{2}, 1, 100}));
}

TEST(DeliveryWindow, KeepsTheFirstFailure) {
  DeliveryWindow window;
  window.fail({Errc::io, "first"});
  window.fail({Errc::invalid, "second"});
  ASSERT_TRUE(window.failure());
  EXPECT_EQ(window.failure()->context, "first");
}

}  // namespace
}  // namespace tally::shipper
