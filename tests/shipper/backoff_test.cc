#include "shipper/backoff.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace tally::shipper {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, DoublesUpToItsBoundAndStartsOver) {
  Backoff backoff(milliseconds{100}, milliseconds{1000}, 1);
  for (const int bound : {100, 200, 400, 800, 1000, 1000}) {
    const auto wait = backoff.next();
    EXPECT_GE(wait, milliseconds{bound / 2});
    EXPECT_LE(wait, milliseconds{bound});
  }
  backoff.reset();
  EXPECT_LE(backoff.next(), milliseconds{100});
}

TEST(Backoff, WaitsAsLongAsItIsAskedTo) {
  Backoff backoff(milliseconds{100}, milliseconds{1000}, 1);
  EXPECT_EQ(backoff.next(milliseconds{5000}), milliseconds{5000});
}

TEST(Backoff, APauseEndsWithAStop) {
  std::stop_source stop;
  EXPECT_TRUE(pause_for(stop.get_token(), milliseconds{1}));
  std::jthread asker([&] { stop.request_stop(); });
  EXPECT_FALSE(pause_for(stop.get_token(), std::chrono::hours{1}));
}

}  // namespace
}  // namespace tally::shipper
