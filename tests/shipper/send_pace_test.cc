#include "shipper/loki/send_pace.h"

#include <gtest/gtest.h>

#include <thread>

namespace tally::shipper {
namespace {

using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

TEST(SendPace, GrowsByRoundsOfSuccessesUpToItsBound) {
  SendPace pace(3, 0, 1);
  EXPECT_EQ(pace.limit(), 1U);
  pace.succeeded();
  EXPECT_EQ(pace.limit(), 2U);
  pace.succeeded();
  EXPECT_EQ(pace.limit(), 2U) << "a round of two";
  pace.succeeded();
  EXPECT_EQ(pace.limit(), 3U);
  for (int i = 0; i < 20; ++i) pace.succeeded();
  EXPECT_EQ(pace.limit(), 3U);
}

TEST(SendPace, HalvesOnceForAllThatFailTogether) {
  SendPace pace(8, 0, 1);
  for (int i = 0; i < 100; ++i) pace.succeeded();
  ASSERT_EQ(pace.limit(), 8U);
  const auto begun = Clock::now();
  EXPECT_TRUE(pace.failed(begun, {})) << "tells of the change";
  EXPECT_FALSE(pace.failed(begun, {}));
  EXPECT_EQ(pace.limit(), 4U);
  pace.failed(Clock::now(), {});
  EXPECT_EQ(pace.limit(), 2U);
  for (int i = 0; i < 5; ++i) pace.failed(Clock::now(), {});
  EXPECT_EQ(pace.limit(), 1U);
  EXPECT_TRUE(pace.succeeded());
  EXPECT_FALSE(pace.succeeded());
}

TEST(SendPace, LetsNobodyInBeforeTheReceiverWantsIt) {
  SendPace pace(1, 0, 1);
  const auto failed_at = Clock::now();
  pace.failed(failed_at, seconds(1));
  std::stop_source stop;
  ASSERT_TRUE(pace.enter(stop.get_token()));
  EXPECT_GE(Clock::now() - failed_at, seconds(1));
}

TEST(SendPace, NeedsAPlaceToBeGivenBack) {
  SendPace pace(1, 0, 1);
  std::stop_source stop;
  ASSERT_TRUE(pace.enter(stop.get_token()));
  bool entered = false;
  std::jthread other([&] { entered = pace.enter(stop.get_token()); });
  pace.leave();
  other.join();
  EXPECT_TRUE(entered);
}

TEST(SendPace, StopsWhoWaits) {
  SendPace pace(1, 1, 1);
  std::stop_source stop;
  ASSERT_TRUE(pace.enter(stop.get_token()));
  ASSERT_TRUE(pace.wait_for_bytes(1'000'000, stop.get_token()));
  bool entered = true;
  bool sent = true;
  std::jthread inside([&] { entered = pace.enter(stop.get_token()); });
  std::jthread pacing([&] { sent = pace.wait_for_bytes(1, stop.get_token()); });
  stop.request_stop();
  inside.join();
  pacing.join();
  EXPECT_FALSE(entered);
  EXPECT_FALSE(sent);
}

TEST(SendPace, KeepsToItsRate) {
  SendPace pace(1, 1000, 1);
  std::stop_source stop;
  const auto begun = Clock::now();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(pace.wait_for_bytes(100, stop.get_token()));
  EXPECT_GE(Clock::now() - begun, std::chrono::milliseconds(200));
}

}  // namespace
}  // namespace tally::shipper
