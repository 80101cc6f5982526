#include "store/journal/durable_watch.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <utility>

#include "store/disk/posix_file_system.h"
#include "store/journal/durable_mark.h"
#include "tests/support/temporary_directory.h"

namespace tally::store {
namespace {

using std::chrono::milliseconds;

/// Longer than any machine is slow: a test that has to wait for it has failed.
constexpr milliseconds kLong = std::chrono::minutes{2};

class ADurableWatch : public testing::Test {
 protected:
  void change() {
    auto writer = DurableMarkWriter::open(files_, paths_);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer.value().write({1, ++offset_, kFirstSequence}));
  }

  static bool readable(const DurableWatch& watch) {
    pollfd entry{watch.descriptor(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
  }

  tests::TemporaryDirectory directory_;
  PosixFileSystem files_;
  StorePaths paths_{directory_.path()};
  std::uint64_t offset_ = 0;
};

TEST_F(ADurableWatch, KeepsAChangeThatCameBeforeTheWait) {
  change();
  DurableWatch watch(paths_);
  EXPECT_FALSE(watch.wait(milliseconds{0}));
  change();
  EXPECT_TRUE(watch.wait(milliseconds{0}));
  EXPECT_FALSE(watch.wait(milliseconds{0})) << "told twice";
}

TEST_F(ADurableWatch, SeesTheFileComeIntoBeing) {
  DurableWatch watch(paths_);
  EXPECT_FALSE(watch.wait(milliseconds{0}));
  change();
  EXPECT_TRUE(watch.wait(milliseconds{0}));
  change();
  EXPECT_TRUE(watch.wait(milliseconds{0}));
}

TEST_F(ADurableWatch, WakesForEveryChangeOfAnotherThread) {
  // A writer that goes on as soon as the reader has seen its last mark: one that was missed would
  // leave both waiting, and the two minutes pass.
  auto writer = DurableMarkWriter::open(files_, paths_);
  DurableWatch watch(paths_);
  std::atomic<std::uint64_t> seen = 0;
  std::jthread writing([&] {
    for (std::uint64_t i = 1; i <= 200; ++i) {
      ASSERT_TRUE(writer.value().write({1, i, kFirstSequence}));
      seen.wait(i - 1);
    }
  });
  for (std::uint64_t i = 1; i <= 200; ++i) {
    auto mark = read_durable_mark(files_, paths_).value();
    while (!mark || mark->offset < i) {
      ASSERT_TRUE(watch.wait(kLong));
      mark = read_durable_mark(files_, paths_).value();
    }
    seen = i;
    seen.notify_one();
  }
}

TEST_F(ADurableWatch, SleepsThroughChangesOfOtherFiles) {
  change();
  DurableWatch watch(paths_);
  ASSERT_TRUE(files_.open(paths_.lock(), OpenMode::create));
  EXPECT_FALSE(watch.wait(milliseconds{1}));
}

TEST_F(ADurableWatch, HasADescriptorToPoll) {
  DurableWatch watch(paths_);
  ASSERT_GE(watch.descriptor(), 0);
  EXPECT_FALSE(readable(watch));
  change();
  EXPECT_TRUE(readable(watch));
  EXPECT_TRUE(watch.wait(kLong));
  EXPECT_FALSE(readable(watch));
}

TEST_F(ADurableWatch, GoesOnWhenMoved) {
  DurableWatch first(paths_);
  DurableWatch second(std::move(first));
  change();
  EXPECT_TRUE(second.wait(milliseconds{0}));
  second = DurableWatch(paths_);
  EXPECT_FALSE(second.wait(milliseconds{0}));
  change();
  EXPECT_TRUE(second.wait(milliseconds{0}));
}

TEST_F(ADurableWatch, PollsWhereThereIsNothingToWatch) {
  DurableWatch watch(StorePaths(directory_.path() / "none"), milliseconds{1});
  EXPECT_EQ(watch.descriptor(), -1);
  EXPECT_TRUE(watch.wait(kLong)) << "may have changed: look again";
  EXPECT_TRUE(watch.wait(kLong)) << "and again";
}

TEST_F(ADurableWatch, DoesNotPollMoreOftenThanItShould) {
  DurableWatch watch(StorePaths(directory_.path() / "none"), kLong);
  EXPECT_FALSE(watch.wait(milliseconds{0}));
  EXPECT_FALSE(watch.wait(milliseconds{1}));
}

TEST_F(ADurableWatch, PollsWhenTheDirectoryGoes) {
  const Path store = directory_.path() / "store";
  ASSERT_TRUE(files_.create_directories(store));
  DurableWatch watch(StorePaths(store), kLong);
  ASSERT_GE(watch.descriptor(), 0);
  std::filesystem::remove_all(store);
  EXPECT_TRUE(watch.wait(kLong));
  EXPECT_EQ(watch.descriptor(), -1);
  EXPECT_FALSE(watch.wait(milliseconds{0}));
}

}  // namespace
}  // namespace tally::store
