#include "store/store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "store/disk/posix_file_system.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {
namespace {

using store::Batch;
using store::CommitResult;
using store::Store;
using store::StoreOptions;

class StoreTest : public testing::Test {
 protected:
  StoreOptions options() const {
    StoreOptions options;
    options.directory = directory.path() / "data";
    options.address = "127.0.0.1:7514";
    options.file_bytes = 256 * 1024;
    return options;
  }

  std::unique_ptr<Store> open() { return open(options()); }

  std::unique_ptr<Store> open(StoreOptions with) {
    auto opened = Store::open(files, clock, std::move(with));
    EXPECT_TRUE(opened) << to_string(opened.error());
    return opened ? std::move(opened).value() : nullptr;
  }

  StoreContents read() {
    auto contents = read_store(files, options().directory);
    EXPECT_TRUE(contents) << to_string(contents.error());
    return contents ? contents.value() : StoreContents{};
  }

  Batch batch(std::uint64_t first, std::uint64_t count) {
    std::vector<std::string> lines;
    for (std::uint64_t i = 0; i < count; ++i) lines.push_back(event_line(first + i));
    return make_batch(lines, clock.now());
  }

  TemporaryDirectory directory;
  store::PosixFileSystem files;
  ManualClock clock;
};

TEST_F(StoreTest, NumbersEventsDenselyFromOneAcrossReopening) {
  {
    auto store = open();
    EXPECT_EQ(to_number(submit_and_wait(*store, batch(1, 3)).value().first), 1U);
    EXPECT_EQ(to_number(submit_and_wait(*store, batch(4, 2)).value().first), 4U);
    EXPECT_EQ(to_number(store->next_sequence()), 6U);
  }
  auto store = open();
  EXPECT_EQ(to_number(submit_and_wait(*store, batch(6, 1)).value().first), 6U);
  const StoreContents found = read();
  ASSERT_EQ(found.lines.size(), 6U);
  for (std::uint64_t i = 0; i < 6; ++i) EXPECT_EQ(found.lines[i], event_line(i + 1));
}

TEST_F(StoreTest, KeepsItsIdAndGivesEveryStoreItsOwn) {
  const store::StoreId id = open()->id();
  EXPECT_EQ(open()->id(), id);
  StoreOptions other = options();
  other.directory = directory.path() / "other";
  EXPECT_NE(open(other)->id(), id);
}

TEST_F(StoreTest, ReusesAnEmptyFileInsteadOfMakingOnePerStart) {
  for (int i = 0; i < 5; ++i) open();
  EXPECT_EQ(files.list(options().directory / "journal").value(),
            (std::vector<std::string>{"00000001.jsonl.zst", "spare"}));
}

TEST_F(StoreTest, CommitsConcurrentBatchesOnceAndInOnePieceEach) {
  constexpr int kThreads = 4;
  constexpr std::uint64_t kBatches = 50;
  auto store = open();
  std::vector<std::jthread> threads;
  std::atomic<int> failures = 0;
  for (std::uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < kBatches; ++i) {
        if (!submit_and_wait(*store, batch(t * 1'000'000 + i * 3, 3))) ++failures;
      }
    });
  }
  threads.clear();
  ASSERT_EQ(failures, 0);
  store->close();
  const StoreContents found = read();
  ASSERT_EQ(found.lines.size(), kThreads * kBatches * 3);
  std::vector<std::uint64_t> next(kThreads, 0);
  for (std::size_t i = 0; i < found.lines.size(); i += 3) {
    std::uint64_t owner = kThreads;
    for (std::uint64_t t = 0; t < kThreads; ++t) {
      if (found.lines[i] == event_line(t * 1'000'000 + next[t])) owner = t;
    }
    ASSERT_LT(owner, kThreads) << found.lines[i];
    for (std::uint64_t k = 0; k < 3; ++k) {
      ASSERT_EQ(found.lines[i + k], event_line(owner * 1'000'000 + next[owner] + k));
    }
    next[owner] += 3;
  }
}

TEST_F(StoreTest, RotatesByEventsBytesAndAge) {
  StoreOptions small = options();
  small.file_events_max = 10;
  small.file_age_max = std::chrono::hours{1};
  auto store = open(small);
  const auto file = [&] { return store->stats().file_number; };
  for (std::uint64_t i = 0; i < 3; ++i) (void)submit_and_wait(*store, batch(i * 5, 5));
  EXPECT_EQ(file(), 2U) << "more than ten events";
  clock.time += std::chrono::hours{1};
  (void)submit_and_wait(*store, batch(15, 1));
  EXPECT_EQ(file(), 3U) << "an hour after the first commit";
  EXPECT_EQ(read().lines.size(), 16U);
}

TEST_F(StoreTest, RefusesASecondWriterAndNamesTheHolder) {
  auto store = open();
  const auto second = Store::open(files, clock, options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::held);
  EXPECT_NE(second.error().context.find("127.0.0.1:7514"), std::string::npos);
  EXPECT_NE(second.error().context.find(std::to_string(getpid())), std::string::npos);
}

TEST_F(StoreTest, RefusesWhatTheQueueCannotHoldAtOnce) {
  StoreOptions tiny = options();
  tiny.queue_bytes_max = 64;
  auto store = open(tiny);
  const CommitResult result = submit_and_wait(*store, batch(1, 1));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::overloaded);
  EXPECT_TRUE(read().lines.empty());
}

TEST_F(StoreTest, RefusesBatchesAfterClose) {
  auto store = open();
  store->close();
  const CommitResult result = submit_and_wait(*store, batch(1, 1));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::overloaded);
}

TEST_F(StoreTest, ReceiptTimesNeverGoBackEvenAcrossReopening) {
  const UtcTime late = clock.time + std::chrono::hours{5};
  {
    auto store = open();
    clock.time = late;
    (void)submit_and_wait(*store, batch(1, 1));
    clock.time -= std::chrono::hours{2};
    (void)submit_and_wait(*store, batch(2, 1));
  }
  auto store = open();
  (void)submit_and_wait(*store, batch(3, 1));
  const StoreContents found = read();
  ASSERT_EQ(found.lines.size(), 3U);
  for (const tally::Run& run : found.runs) EXPECT_EQ(run.received, late);
}

TEST_F(StoreTest, RemembersCheckpointsAcrossRotationAndForgetsOnRequest) {
  StoreOptions small = options();
  small.file_events_max = 1;
  {
    auto store = open(small);
    Batch read_a = batch(1, 1);
    read_a.checkpoints = {{"a", "10"}, {"b", "20"}};
    (void)submit_and_wait(*store, std::move(read_a));
    Batch read_b = batch(2, 1);
    read_b.checkpoints = {{"a", "11"}, {"b", ""}};
    (void)submit_and_wait(*store, std::move(read_b));
    (void)submit_and_wait(*store, batch(3, 1));
  }
  const std::vector<store::SourceCheckpoint> expected = {{"a", "11"}};
  EXPECT_EQ(open(small)->checkpoints(), expected);
}

TEST_F(StoreTest, KeepsRefusedEventsBesideTheAcceptedOnes) {
  auto store = open();
  Batch mixed = batch(1, 2);
  store::RefusedEvent refused;
  refused.reason = "line 2: timestamp: missing";
  refused.bytes = "{}";
  refused.length = 2;
  mixed.refused.push_back(refused);
  (void)submit_and_wait(*store, std::move(mixed));
  const StoreContents found = read();
  EXPECT_EQ(found.lines.size(), 2U);
  ASSERT_EQ(found.refused.size(), 1U);
  EXPECT_EQ(found.refused[0], refused);
  EXPECT_EQ(store->stats().refused, 1U);
}

}  // namespace
}  // namespace tally::tests
