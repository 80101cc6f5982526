#include "shipper/loki/push_queue.h"

#include <gtest/gtest.h>

#include <chrono>

namespace tally::shipper {
namespace {

using std::chrono::minutes;

/// The queue as one thread sees it that never waits.
class PushQueueTest : public testing::Test {
 protected:
  PushQueueTest() { stopped_.request_stop(); }

  void add(minutes oldest, minutes newest) {
    auto batch = std::make_unique<PushBatch>();
    batch->entries.emplace_back();
    batch->oldest = UtcTime{oldest};
    batch->newest = UtcTime{newest};
    batch->end = Sequence{++added_};
    queue_.add(std::move(batch));
  }

  PushBatch* next() { return queue_.next(stopped_.get_token()); }

  /// The `end` of the last of those that are finished, 0: there is none.
  std::uint64_t finished() {
    const auto batches = queue_.take_finished(std::chrono::milliseconds(0));
    return batches.empty() ? 0 : to_number(batches.back()->end);
  }

  PushQueue queue_;
  std::stop_source stopped_;
  std::uint64_t added_ = 0;
};

TEST_F(PushQueueTest, TellsTheBeginningThatIsFinished) {
  for (int i = 0; i < 3; ++i) add(minutes(1), minutes(1));
  PushBatch* const first = next();
  PushBatch* const second = next();
  PushBatch* const third = next();
  EXPECT_EQ(next(), nullptr);
  queue_.finish(third, ok());
  queue_.finish(second, ok());
  EXPECT_EQ(finished(), 0U);
  queue_.finish(first, ok());
  EXPECT_EQ(finished(), 3U);
  EXPECT_EQ(queue_.memory_bytes(), 0U);
}

TEST_F(PushQueueTest, KeepsBackWhatWouldMakeEarlierOnesTooLate) {
  add(minutes(0), minutes(10));
  add(minutes(10), minutes(30));
  add(minutes(30), minutes(50));
  PushBatch* const first = next();
  PushBatch* const second = next();
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(next(), nullptr) << "50 minutes from the oldest that may be sent again";
  queue_.finish(first, ok());
  EXPECT_EQ(finished(), 1U);
  EXPECT_EQ(next(), nullptr) << "40 minutes are still too many";
  queue_.finish(second, ok());
  EXPECT_NE(next(), nullptr);
}

TEST_F(PushQueueTest, GivesNothingOutAfterAFailure) {
  for (int i = 0; i < 4; ++i) add(minutes(1), minutes(1));
  PushBatch* const first = next();
  PushBatch* const second = next();
  PushBatch* const third = next();
  queue_.finish(second, Error{Errc::invalid, "first of all"});
  queue_.finish(third, Error{Errc::invalid, "another"});
  queue_.finish(first, ok());
  EXPECT_EQ(next(), nullptr);
  EXPECT_EQ(finished(), 1U) << "what arrived before it counts";
  EXPECT_EQ(queue_.failure()->context, "first of all");
  EXPECT_EQ(finished(), 0U);
}

}  // namespace
}  // namespace tally::shipper
