#include "shipper/loki/stream_pace.h"

#include <gtest/gtest.h>

#include <array>

namespace tally::shipper {
namespace {

using std::chrono::seconds;
using Share = StreamPace::Share;

constexpr StreamPace::Time kNow{seconds(1000)};

StreamPace::Time book(StreamPace& pace, std::string stream, std::uint64_t bytes) {
  const std::array<Share, 1> request{Share{std::move(stream), bytes}};
  return pace.book(request, kNow);
}

TEST(StreamPace, HoldsNobodyBackUntilItKnowsALimit) {
  StreamPace pace(0);
  EXPECT_FALSE(pace.limited());
  EXPECT_EQ(book(pace, "a", 1'000'000), kNow);
  EXPECT_EQ(book(pace, "a", 1'000'000), kNow);
}

TEST(StreamPace, SpacesEachStreamByItself) {
  StreamPace pace(100);
  EXPECT_EQ(book(pace, "a", 200), kNow);
  EXPECT_EQ(book(pace, "b", 100), kNow);
  EXPECT_EQ(book(pace, "a", 100), kNow + seconds(2));
  EXPECT_EQ(book(pace, "a", 1), kNow + seconds(3));
  EXPECT_EQ(book(pace, "b", 1), kNow + seconds(1));
}

TEST(StreamPace, SendsARequestWhenAllItsStreamsAreFree) {
  StreamPace pace(100);
  book(pace, "a", 500);
  const std::array<Share, 2> both{Share{"a", 100}, Share{"b", 100}};
  EXPECT_EQ(pace.book(both, kNow), kNow + seconds(5));
  EXPECT_EQ(book(pace, "b", 1), kNow + seconds(6));
}

TEST(StreamPace, LearnsTheLowestLimitAndStaysBelowIt) {
  StreamPace pace(0);
  pace.learn(1000);
  ASSERT_TRUE(pace.limited());
  book(pace, "a", 900);
  EXPECT_EQ(book(pace, "a", 900), kNow + seconds(1));
  pace.learn(100);
  pace.learn(5000);
  book(pace, "b", 90);
  EXPECT_EQ(book(pace, "b", 1), kNow + seconds(1));
}

TEST(StreamPace, ForgetsNoStreamThatIsNotFree) {
  StreamPace pace(1);
  for (int i = 0; i < 20'000; ++i) book(pace, std::to_string(i), 10);
  EXPECT_EQ(book(pace, "0", 1), kNow + seconds(10));
}

}  // namespace
}  // namespace tally::shipper
