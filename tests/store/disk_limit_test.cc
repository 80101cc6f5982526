#include "store/disk_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/cursor.h"
#include "store/store_listing.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

using store::DiskLimit;
using store::DiskSpace;
using store::Store;

constexpr std::uint64_t kDisk = 100'000'000;

/// A disk of which so many thousandths are used.
DiskSpace used(std::uint64_t thousandths) { return {kDisk, kDisk - kDisk / 1000 * thousandths}; }

class DiskLimitTest : public testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    files_.set_space(used(500));
  }

  bool refuses(DiskLimit& limit, std::uint64_t thousandths) {
    files_.set_space(used(thousandths));
    limit.look();
    return limit.refusing();
  }

  FaultFileSystem files_;
};

TEST_F(DiskLimitTest, RefusesFromTheShareOnAndGoesOnOnePercentBelowIt) {
  DiskLimit limit(files_, "/", 95);
  EXPECT_FALSE(limit.refusing());
  EXPECT_FALSE(refuses(limit, 949));
  EXPECT_TRUE(refuses(limit, 950));
  EXPECT_TRUE(refuses(limit, 945));
  EXPECT_TRUE(refuses(limit, 940));
  EXPECT_FALSE(refuses(limit, 939));
  EXPECT_FALSE(refuses(limit, 949));
}

TEST_F(DiskLimitTest, LooksWhenItIsMade) {
  files_.set_space(used(960));
  const DiskLimit limit(files_, "/", 95);
  EXPECT_TRUE(limit.refusing());
  EXPECT_EQ(limit.stats().available, kDisk / 1000 * 40);
  EXPECT_DOUBLE_EQ(limit.stats().percent_used, 96);
  EXPECT_TRUE(limit.stats().refusing);
}

TEST_F(DiskLimitTest, ItsRefusalSaysHowFullItIsAndWhatToDo) {
  files_.set_space(used(961));
  const Error error = DiskLimit(files_, "/", 95).refusal();
  EXPECT_EQ(error.code, Errc::no_space);
  EXPECT_THAT(error.context, testing::HasSubstr("96.1 % full, and from 95 % on"));
  EXPECT_THAT(error.context, testing::HasSubstr("free space"));
  EXPECT_THAT(error.context, testing::HasSubstr("retention"));
}

TEST_F(DiskLimitTest, ADiskThatDoesNotTellIsNeverTooFull) {
  DiskLimit limit(files_, "/", 95);
  files_.set_space({});
  limit.look();
  EXPECT_FALSE(limit.refusing());
  EXPECT_EQ(limit.stats().percent_used, 0);
}

TEST_F(DiskLimitTest, ALookThatFailsChangesNothing) {
  DiskLimit limit(files_, "/", 95);
  ASSERT_TRUE(refuses(limit, 990));
  files_.set_fault(Fault{.kind = FaultKind::io, .lasting = true});
  EXPECT_TRUE(refuses(limit, 100));
  files_.set_fault(std::nullopt);
  EXPECT_FALSE(refuses(limit, 100));
}

TEST_F(DiskLimitTest, AHundredPercentIsNoLimit) {
  DiskLimit limit(files_, "/", 100);
  EXPECT_FALSE(refuses(limit, 1000));
  EXPECT_EQ(limit.stats().available, 0U);
}

/// A whole store on a disk that fills up.
class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    files_.set_space(used(500));
    options_.directory = paths_.directory;
    options_.file_bytes = 64 * 1024;
    options_.file_events_max = 10;
  }

  void open() {
    auto opened = Store::open(files_, clock_, options_);
    ASSERT_TRUE(opened) << to_string(opened.error());
    store_ = std::move(opened).value();
  }

  /// Batches of four events, numbered like their sequences.
  void commit(int batches) {
    for (int i = 0; i < batches; ++i) ASSERT_TRUE(submit()) << last_;
  }

  store::CommitResult submit() {
    std::vector<std::string> lines;
    for (std::uint64_t i = 1; i <= 4; ++i) lines.push_back(event_line(last_ + i));
    auto result = submit_and_wait(*store_, make_batch(lines, clock_.now()));
    if (result) last_ += 4;
    return result;
  }

  /// Also has the store look at the disk.
  Result<void> seal() {
    std::promise<Result<void>> answered;
    store_->seal([&](const Result<void>& result) { answered.set_value(result); });
    return answered.get_future().get();
  }

  void fill(std::uint64_t thousandths) {
    files_.set_space(used(thousandths));
    ASSERT_TRUE(seal());
  }

  bool exists(const store::Path& path) { return files_.exists(path).value(); }

  void expect_all_there() {
    const auto found = read_store(files_, paths_.directory);
    ASSERT_TRUE(found) << to_string(found.error());
    ASSERT_EQ(found.value().lines.size(), last_);
    for (std::uint64_t i = 0; i < last_; ++i) ASSERT_EQ(found.value().lines[i], event_line(i + 1));
  }

  FaultFileSystem files_;
  ManualClock clock_;
  store::StoreOptions options_;
  store::StorePaths paths_{"/store"};
  std::unique_ptr<Store> store_;
  std::uint64_t last_ = 0;
};

TEST_F(FullDisk, TakesNothingAndGoesOnByItselfWhenThereIsRoom) {
  open();
  commit(3);
  ASSERT_NO_FATAL_FAILURE(fill(970));
  EXPECT_TRUE(store_->disk_full());
  const auto refused = submit();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::no_space);
  EXPECT_TRUE(store_->healthy());
  expect_all_there();
  // Nobody asks for anything any more: the store finds out alone.
  files_.set_space(used(930));
  while (store_->disk_full()) std::this_thread::yield();
  commit(3);
  expect_all_there();
}

TEST_F(FullDisk, IsNoticedByTheCommitsThatFillIt) {
  options_.file_events_max = 10'000;
  open();
  commit(1);
  files_.set_space(used(970));
  // A look comes within a second of commits, or after so many bytes of them.
  while (submit()) {
  }
  EXPECT_TRUE(store_->disk_full());
  expect_all_there();
}

TEST_F(FullDisk, IsKnownFromTheStart) {
  open();
  commit(1);
  store_.reset();
  files_.set_space(used(960));
  open();
  EXPECT_EQ(submit().error().code, Errc::no_space);
  expect_all_there();
}

TEST_F(FullDisk, GivesUpTheZerosWrittenAheadAndSealsWhatIsThere) {
  options_.file_events_max = 10'000;
  open();
  commit(2);
  while (!exists(paths_.spare())) std::this_thread::yield();
  files_.set_space(used(970));
  while (submit()) {
  }
  while (exists(paths_.spare())) std::this_thread::yield();
  while (store::list_journals(files_, paths_).value().size() > 1) std::this_thread::yield();
  EXPECT_GT(store_->stats().seal.segments, 0U);
  expect_all_there();
}

TEST_F(FullDisk, NoZerosAreWrittenAheadThatWouldFillIt) {
  options_.file_bytes = kDisk / 10;
  files_.set_space(used(900));
  open();
  commit(4);
  EXPECT_FALSE(store_->disk_full());
  ASSERT_TRUE(seal());
  EXPECT_FALSE(exists(paths_.spare()));
}

TEST_F(FullDisk, RetentionRemovesWhatAReaderHoldsAndTheReaderTells) {
  options_.retention.bytes_max = 1;
  open();
  commit(2);
  auto reader = std::move(store::Cursor::open(files_, paths_.directory)).value();
  commit(6);
  ASSERT_TRUE(seal());
  const std::uint64_t segments = store_->stats().seal.segments;
  EXPECT_GT(segments, 1U) << "held by the reader";
  ASSERT_NO_FATAL_FAILURE(fill(970));
  ASSERT_TRUE(seal());
  EXPECT_EQ(store_->stats().seal.segments, 0U);
  EXPECT_EQ(store_->stats().seal.retention.held_removed, segments);
  files_.set_space(used(500));
  ASSERT_TRUE(seal());
  commit(1);
  std::uint64_t read = 0;
  while (const auto chunk = reader.next().value()) read += chunk->count;
  EXPECT_TRUE(reader.corrupt().empty());
  std::uint64_t removed = 0;
  for (const store::RemovedEvents& events : reader.removed()) removed += events.count;
  EXPECT_GT(removed, 0U);
  EXPECT_EQ(read + removed, last_);
}

TEST_F(FullDisk, RetentionRemovesNothingThatIsWithinTheLimits) {
  open();
  commit(8);
  ASSERT_NO_FATAL_FAILURE(fill(990));
  ASSERT_TRUE(seal());
  EXPECT_EQ(store_->stats().seal.retention.segments_removed, 0U);
  expect_all_there();
}

}  // namespace
}  // namespace tally::tests
