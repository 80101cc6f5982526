#include "store/retention.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "store/cursor.h"
#include "store/seal_recovery.h"
#include "store/store_listing.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sealing_store.h"
#include "tests/support/sink_file.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

using store::HeldByReader;
using store::Retention;
using store::RetentionLimits;

constexpr std::uint64_t kSegments = 6;
constexpr std::uint64_t kEvents = 4;  // In each.

class RetentionTest : public testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    open();
    for (std::uint64_t segment = 0; segment < kSegments; ++segment) {
      std::vector<std::string> lines;
      for (std::uint64_t i = 1; i <= kEvents; ++i) {
        lines.push_back(event_line(segment * kEvents + i));
      }
      put_segment(lines);
    }
    ASSERT_EQ(store_->manifest().segments.size(), kSegments);
  }

  void put_segment(const std::vector<std::string>& lines) {
    const store::Batch batch = make_batch(lines, clock_.now());
    const store::Batch* group = &batch;
    ASSERT_TRUE(store_->journal->commit({&group, 1}));
    ASSERT_TRUE(store_->journal->rotate());
    ASSERT_EQ(store_->seal_all(files_), 1);
  }

  void open() {
    store::StoreOptions options;
    options.directory = paths_.directory;
    options.file_bytes = 64 * 1024;
    auto opened = SealingStore::open(files_, clock_, options);
    ASSERT_TRUE(opened) << to_string(opened.error());
    store_ = std::make_unique<SealingStore>(std::move(opened).value());
  }

  Retention retention(const RetentionLimits& limits) {
    auto lock = std::move(store::RemovalLock::open(files_, paths_)).value();
    return Retention(files_, paths_, std::move(lock), limits);
  }

  Result<void> apply(Retention& retention, HeldByReader held = HeldByReader::stays) {
    return retention.apply(*store_->writer, clock_.now(), held);
  }

  /// The limit that leaves so many segments.
  RetentionLimits keep(std::uint64_t segments) const {
    const auto& all = store_->manifest().segments;
    std::uint64_t bytes = 0;
    for (std::size_t i = all.size() - segments; i < all.size(); ++i) bytes += all[i].stored_bytes;
    return {.age_max = std::nullopt, .bytes_max = bytes, .past_sinks = false};
  }

  /// Of the segments, and of their files.
  std::uint64_t left() {
    const auto names = files_.list(paths_.segments()).value();
    EXPECT_EQ(names.size(), store_->manifest().segments.size());
    return names.size();
  }

  void put_cursor(const std::string& name, std::uint64_t next) {
    ASSERT_TRUE(put_sink_file(files_, paths_, store_->journal->id(), name, Sequence{next}));
  }

  std::vector<std::string> lines() {
    const auto found = read_store(files_, paths_.directory, first_);
    EXPECT_TRUE(found) << to_string(found.error());
    EXPECT_TRUE(found.value().corrupt.empty());
    return found.value().lines;
  }

  FaultFileSystem files_;
  ManualClock clock_;
  store::StorePaths paths_{"/store"};
  std::unique_ptr<SealingStore> store_;
  Sequence first_ = kFirstSequence;
};

TEST_F(RetentionTest, RemovesNothingWithoutALimit) {
  Retention none = retention({});
  EXPECT_FALSE(none.limited());
  ASSERT_TRUE(apply(none));
  EXPECT_EQ(left(), kSegments);
}

TEST_F(RetentionTest, RemovesTheOldestPastTheSize) {
  Retention by_size = retention(keep(2));
  ASSERT_TRUE(apply(by_size));
  EXPECT_EQ(left(), 2U);
  EXPECT_EQ(by_size.stats().segments_removed, 4U);
  first_ = Sequence{4 * kEvents + 1};
  const auto found = lines();
  ASSERT_EQ(found.size(), 2 * kEvents);
  EXPECT_EQ(found.front(), event_line(4 * kEvents + 1));
  ASSERT_TRUE(apply(by_size));
  EXPECT_EQ(left(), 2U);
}

TEST_F(RetentionTest, RemovesWhatIsTooOld) {
  RetentionLimits limits;
  limits.age_max = std::chrono::hours{24};
  Retention by_age = retention(limits);
  ASSERT_TRUE(apply(by_age));
  EXPECT_EQ(left(), kSegments);
  clock_.time += std::chrono::hours{25};
  ASSERT_TRUE(apply(by_age));
  EXPECT_EQ(left(), 0U);
  EXPECT_EQ(store_->manifest().removed.first, Sequence{kSegments * kEvents + 1});
  open();
  EXPECT_EQ(to_number(store_->journal->state().next), kSegments * kEvents + 1);
}

TEST_F(RetentionTest, AgeIsThatOfReceiptWhateverEventsState) {
  constexpr std::chrono::hours kYears{24 * 365 * 10};
  Retention by_size = retention(keep(0));
  ASSERT_TRUE(apply(by_size));
  ASSERT_EQ(left(), 0U);
  put_segment({timed_event_line(1, clock_.now() - kYears)});
  put_segment({timed_event_line(2, clock_.now() + kYears)});
  RetentionLimits limits;
  limits.age_max = std::chrono::hours{24};
  Retention by_age = retention(limits);
  ASSERT_TRUE(apply(by_age));
  EXPECT_EQ(left(), 2U);
  clock_.time += std::chrono::hours{25};
  ASSERT_TRUE(apply(by_age));
  EXPECT_EQ(left(), 0U);
}

TEST_F(RetentionTest, KeepsWhatASinkHasNotGotUnlessToldOtherwise) {
  put_cursor("loki", 3 * kEvents);  // Its last event of the third segment is missing.
  Retention held = retention(keep(1));
  ASSERT_TRUE(apply(held));
  EXPECT_EQ(left(), 4U);
  ASSERT_EQ(held.stats().sinks.size(), 1U);
  EXPECT_EQ(held.stats().sinks[0].name, "loki");
  EXPECT_GT(held.stats().sinks[0].bytes, 0U);
  put_cursor("loki", 3 * kEvents + 1);
  ASSERT_TRUE(apply(held));
  EXPECT_EQ(left(), 3U);
  RetentionLimits limits = keep(1);
  limits.past_sinks = true;
  Retention overridden = retention(limits);
  ASSERT_TRUE(apply(overridden));
  EXPECT_EQ(left(), 1U);
}

TEST_F(RetentionTest, KeepsWhatAReaderHasNotPassed) {
  auto reader = std::make_unique<store::Cursor>(
      std::move(store::Cursor::open(files_, "/store", Sequence{2 * kEvents + 2})).value());
  Retention by_size = retention(keep(0));
  ASSERT_TRUE(apply(by_size));
  EXPECT_EQ(left(), 4U);
  std::uint64_t read = 0;
  while (const auto chunk = reader->next().value()) read += chunk->count;
  EXPECT_EQ(read, 4 * kEvents - 1);
  EXPECT_TRUE(reader->corrupt().empty());
  reader.reset();
  ASSERT_TRUE(apply(by_size));
  EXPECT_EQ(left(), 0U);
}

TEST_F(RetentionTest, RemovesWhatAReaderHoldsIfToldSoAndTheReaderGoesOnBehindTheGap) {
  auto cursor = std::move(store::Cursor::open(files_, "/store", Sequence{2})).value();
  ASSERT_EQ(cursor.next().value()->first, Sequence{2});
  Retention by_size = retention(keep(2));
  ASSERT_TRUE(apply(by_size, HeldByReader::stays));
  EXPECT_EQ(left(), kSegments);
  ASSERT_TRUE(apply(by_size, HeldByReader::goes_too));
  EXPECT_EQ(left(), 2U);
  EXPECT_EQ(by_size.stats().held_removed, 4U);
  EXPECT_EQ(cursor.next().value()->first, Sequence{4 * kEvents + 1});
  const store::RemovedEvents gap{Sequence{kEvents + 1}, 3 * kEvents};
  EXPECT_EQ(cursor.removed(), std::vector{gap});
  EXPECT_TRUE(cursor.corrupt().empty());
}

TEST_F(RetentionTest, AReaderIsNoReasonToRemoveWhatASinkHasNotGot) {
  put_cursor("loki", 1);
  const auto reader = store::Cursor::open(files_, "/store");
  Retention by_size = retention(keep(1));
  ASSERT_TRUE(apply(by_size, HeldByReader::goes_too));
  EXPECT_EQ(left(), kSegments);
}

TEST_F(RetentionTest, ACrashAnywhereLeavesNoHalfRemovedSegment) {
  const RetentionLimits limits = keep(2);
  const std::uint64_t before = files_.operations();
  const auto intact = [&] {
    std::mt19937_64 random(1);
    return files_.after_crash(random);
  };
  std::uint64_t operations = 0;
  for (std::uint64_t at = 1; at == 1 || at <= operations; ++at) {
    const auto world = intact();
    {
      auto lock = std::move(store::RemovalLock::open(*world, paths_)).value();
      auto manifest =
          std::move(store::recover_segments(*world, paths_, store_->journal->id())).value();
      Retention doomed(*world, paths_, std::move(lock), limits);
      const std::uint64_t start = world->operations();
      if (at > 1) world->set_fault(Fault{.kind = FaultKind::crash, .at = at - 1});
      (void)doomed.apply(manifest, clock_.now(), HeldByReader::stays);
      if (at == 1) operations = world->operations() - start + 1;
    }
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      SCOPED_TRACE(testing::Message() << "operation " << at - 1 << ", seed " << seed);
      std::mt19937_64 random(seed);
      const auto after = world->after_crash(random);
      const auto manifest = store::recover_segments(*after, paths_, store_->journal->id());
      ASSERT_TRUE(manifest) << to_string(manifest.error());
      const store::Manifest& found = manifest.value().manifest();
      ASSERT_EQ(after->list(paths_.segments()).value().size(), found.segments.size());
      ASSERT_GE(found.segments.size(), 2U);
      const Sequence first = found.segments.front().first;
      const auto contents = read_store(*after, paths_.directory, first);
      ASSERT_TRUE(contents) << to_string(contents.error());
      ASSERT_TRUE(contents.value().corrupt.empty());
      ASSERT_EQ(contents.value().lines.size(), kSegments * kEvents - to_number(first) + 1);
    }
  }
  EXPECT_EQ(files_.operations(), before);
  EXPECT_GT(operations, 15U);
}

}  // namespace
}  // namespace tally::tests
