#include "store/store_walk.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/cursor.h"
#include "store/store_lock.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

using store::Cursor;

class StoreWalkTest : public testing::Test {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }

  store::StoreOptions options() const {
    store::StoreOptions options;
    options.directory = "/store";
    options.file_bytes = 64 * 1024;
    options.file_events_max = 10;
    return options;
  }

  void open() {
    store_.reset();
    auto opened = SealingStore::open(files_, clock_, options());
    ASSERT_TRUE(opened) << to_string(opened.error());
    store_ = std::make_unique<SealingStore>(std::move(opened).value());
  }

  /// Commits events that are numbered like their sequences.
  void commit(std::uint64_t count) {
    std::vector<std::string> lines;
    for (std::uint64_t i = 0; i < count; ++i) lines.push_back(event_line(++last_));
    const store::Batch batch = make_batch(lines, clock_.now());
    const store::Batch* group = &batch;
    ASSERT_TRUE(store_->journal->commit({&group, 1}));
  }

  void seal() { store_->seal_all(files_); }

  Cursor cursor(std::uint64_t from = 1) {
    return std::move(Cursor::open(files_, options().directory, Sequence{from})).value();
  }

  /// Reads a chunk, whose events are the ones that their sequences say; false: there is none.
  bool read_chunk(Cursor& cursor, std::uint64_t& next) {
    const auto chunk = cursor.next();
    EXPECT_TRUE(chunk) << to_string(chunk.error());
    if (!chunk || !chunk.value()) return false;
    EXPECT_EQ(to_number(chunk.value()->first), next);
    for (const std::string& line : split_lines(chunk.value()->lines)) {
      EXPECT_EQ(line, event_line(next++));
    }
    EXPECT_EQ(to_number(cursor.position()), next);
    return !HasFailure();
  }

  /// Reads on from `next` to the last event.
  void expect_rest(Cursor& cursor, std::uint64_t next) {
    while (read_chunk(cursor, next)) {
    }
    EXPECT_EQ(next, last_ + 1);
    EXPECT_TRUE(cursor.corrupt().empty());
  }

  void flip(const store::Path& path, std::uint64_t offset) {
    const auto file = std::move(files_.open(path, store::OpenMode::write)).value();
    char byte = 0;
    ASSERT_EQ(file->read_at(offset, {&byte, 1}).value(), 1U);
    byte = static_cast<char>(byte ^ 0x10);
    const std::string_view part(&byte, 1);
    ASSERT_TRUE(file->write_at(offset, {&part, 1}));
  }

  FaultFileSystem files_;
  ManualClock clock_;
  store::StorePaths paths_{"/store"};
  std::unique_ptr<SealingStore> store_;
  std::uint64_t last_ = 0;
};

TEST_F(StoreWalkTest, StartsAtAnySequenceInSegmentsAndJournal) {
  open();
  for (int i = 0; i < 12; ++i) commit(4);
  seal();
  for (int i = 0; i < 8; ++i) commit(3);
  ASSERT_EQ(store_->manifest().segments.size(), 5U);
  ASSERT_GE(store::list_journals(files_, paths_).value().size(), 3U);
  for (std::uint64_t from = 1; from <= last_ + 1; ++from) {
    SCOPED_TRACE(from);
    Cursor reader = cursor(from);
    expect_rest(reader, from);
    ASSERT_FALSE(HasFailure());
  }
}

TEST_F(StoreWalkTest, DoesNotOpenSegmentsOfOtherTimes) {
  open();
  for (int i = 0; i < 12; ++i) commit(4);
  seal();
  const auto& segments = store_->manifest().segments;
  ASSERT_GE(segments.size(), 3U);
  store::Selection later;
  later.from = segments.front().latest + std::chrono::seconds{1};
  auto reader = Cursor::open(files_, "/store", kFirstSequence, later).value();
  // The first one says whose store it is; the others would be missed if they were looked for.
  for (const auto& segment : segments) {
    ASSERT_TRUE(files_.remove(paths_.segment_file(segment.number)));
  }
  std::uint64_t next = to_number(advance(segments.back().first, segments.back().count));
  expect_rest(reader, next);
}

TEST_F(StoreWalkTest, ReadsOnlyTheFilterOfSegmentsWithoutTheString) {
  open();
  for (int i = 0; i < 12; ++i) commit(4);
  seal();
  const auto& segments = store_->manifest().segments;
  ASSERT_GE(segments.size(), 3U);
  store::Selection other;
  other.strings = {{"service", {"no such service", "nor this one"}}};
  auto reader = Cursor::open(files_, "/store", kFirstSequence, other).value();
  // A footer that was read would be told of.
  for (const auto& segment : segments) {
    if (segment.number == segments.front().number) continue;
    flip(paths_.segment_file(segment.number), segment.stored_bytes - 1);
  }
  std::uint64_t next = to_number(advance(segments.back().first, segments.back().count));
  expect_rest(reader, next);
}

TEST_F(StoreWalkTest, GoesOnInTheSegmentOfAJournalFileThatIsSealedUnderIt) {
  open();
  for (int i = 0; i < 9; ++i) commit(4);
  Cursor early = cursor();
  std::uint64_t next = 1;
  ASSERT_TRUE(read_chunk(early, next));
  seal();
  ASSERT_FALSE(files_.exists(paths_.journal_file(1)).value());
  expect_rest(early, next);
  commit(4);
  expect_rest(early, 37);
}

TEST_F(StoreWalkTest, FollowsTheNewestFileWhileTheOldOnesAreSealed) {
  open();
  commit(1);
  Cursor follower = cursor();
  std::uint64_t next = 1;
  for (int i = 0; i < 40; ++i) {
    expect_rest(follower, next);
    next = last_ + 1;
    commit(3);
    if (i % 5 == 0) seal();
    ASSERT_FALSE(HasFailure());
  }
}

TEST_F(StoreWalkTest, TellsWhichEventsADamagedBlockHeldAndGivesAllOthers) {
  open();
  for (int i = 0; i < 7; ++i) commit(4);
  seal();
  const auto segment =
      std::move(store::SegmentReader::open(files_, paths_.segment_file(2))).value();
  const store::BlockEntry block = segment.blocks()[0];
  flip(paths_.segment_file(2), block.offset + block.bytes - 10);
  Cursor reader = cursor();
  std::uint64_t next = 1;
  ASSERT_TRUE(read_chunk(reader, next));
  ASSERT_EQ(next, 9U);
  next = 17;
  while (read_chunk(reader, next)) {
  }
  EXPECT_EQ(next, last_ + 1);
  ASSERT_EQ(reader.corrupt().size(), 1U);
  EXPECT_EQ(reader.corrupt()[0].path, paths_.segment_file(2));
  EXPECT_EQ(reader.corrupt()[0].offset, block.offset);
  EXPECT_EQ(reader.corrupt()[0].bytes, block.bytes);
  EXPECT_EQ(to_number(reader.corrupt()[0].first_lost), 9U);
  EXPECT_EQ(reader.corrupt()[0].events_lost, 8U);
}

TEST_F(StoreWalkTest, TellsWhichEventsAMissingSegmentHeld) {
  open();
  for (int i = 0; i < 7; ++i) commit(4);
  seal();
  ASSERT_TRUE(files_.remove(paths_.segment_file(1)));
  Cursor reader = cursor();
  std::uint64_t next = 9;
  while (read_chunk(reader, next)) {
  }
  EXPECT_EQ(next, last_ + 1);
  ASSERT_EQ(reader.corrupt().size(), 1U);
  EXPECT_EQ(reader.corrupt()[0].path, paths_.segment_file(1));
  EXPECT_EQ(to_number(reader.corrupt()[0].first_lost), 1U);
  EXPECT_EQ(reader.corrupt()[0].events_lost, 8U);
}

TEST_F(StoreWalkTest, TakesAnotherSegmentUnderAWrongNameForNone) {
  open();
  for (int i = 0; i < 11; ++i) commit(4);
  seal();
  ASSERT_TRUE(files_.rename(paths_.segment_file(2), paths_.segment_file(1)));
  Cursor reader = cursor();
  std::uint64_t next = 17;
  while (read_chunk(reader, next)) {
  }
  EXPECT_EQ(next, last_ + 1);
  ASSERT_EQ(reader.corrupt().size(), 2U);
}

TEST_F(StoreWalkTest, ReadsEverythingWithoutAManifest) {
  open();
  for (int i = 0; i < 11; ++i) commit(4);
  seal();
  ASSERT_TRUE(files_.remove(paths_.manifest()));
  Cursor reader = cursor();
  expect_rest(reader, 1);
}

TEST_F(StoreWalkTest, ReadsACopyThatHasNoJournal) {
  open();
  for (int i = 0; i < 5; ++i) commit(4);
  ASSERT_TRUE(store_->journal->rotate());
  seal();
  store_.reset();
  const auto names = files_.list(paths_.journal()).value();
  for (const std::string& name : names) {
    ASSERT_TRUE(files_.remove(paths_.journal() / name));
  }
  Cursor reader = cursor();
  expect_rest(reader, 1);
}

TEST_F(StoreWalkTest, ADamagedJournalFileStaysWhereItIsAmongTheSegments) {
  open();
  for (int i = 0; i < 5; ++i) commit(4);
  ASSERT_EQ(store_->journal->file_number(), 3U);
  std::uint64_t size =
      files_.open(paths_.journal_file(1), store::OpenMode::read).value()->size().value();
  flip(paths_.journal_file(1), size - 10);  // In the second commit's data.
  seal();
  EXPECT_EQ(store::list_journals(files_, paths_).value(), (std::vector<std::uint64_t>{1, 3}));
  Cursor reader = cursor();
  std::uint64_t next = 1;
  ASSERT_TRUE(read_chunk(reader, next));
  ASSERT_EQ(next, 5U);
  next = 9;
  while (read_chunk(reader, next)) {
  }
  EXPECT_EQ(next, last_ + 1);
  ASSERT_EQ(reader.corrupt().size(), 1U);
  EXPECT_EQ(to_number(reader.corrupt()[0].first_lost), 5U);
  EXPECT_EQ(reader.corrupt()[0].events_lost, 4U);
}

TEST_F(StoreWalkTest, KeepsRetentionFromWhatItHasNotPassed) {
  open();
  for (int i = 0; i < 11; ++i) commit(4);
  seal();
  store::RemovalLock removal = std::move(store::RemovalLock::open(files_, paths_)).value();
  Cursor reader = cursor(12);  // In the second segment.
  EXPECT_TRUE(removal.try_take(1).value());
  EXPECT_FALSE(removal.try_take(2).value());
  std::uint64_t next = 12;
  while (read_chunk(reader, next)) {
  }
  EXPECT_TRUE(removal.try_take(2).value());
  EXPECT_FALSE(removal.try_take(6).value());
}

TEST_F(StoreWalkTest, GoesOnWhereItWasWhicheverOperationFailed) {
  open();
  for (int i = 0; i < 6; ++i) commit(4);
  seal();
  std::uint64_t operations = 1;
  for (std::uint64_t at = 1; at <= operations; ++at) {
    SCOPED_TRACE(at);
    std::uint64_t next = 1;
    Cursor reader = cursor();
    for (int i = 0; i < 4; ++i) commit(2);
    for (int i = 0; i < 7; ++i) ASSERT_TRUE(read_chunk(reader, next));
    seal();  // The file in which the reader stands, too.
    const std::uint64_t before = files_.operations();
    files_.set_fault(Fault{.kind = FaultKind::io, .at = at});
    for (auto chunk = reader.next(); !chunk || chunk.value(); chunk = reader.next()) {
      if (chunk) next += chunk.value()->count;
    }
    files_.set_fault(std::nullopt);
    ASSERT_EQ(next, last_ + 1);
    ASSERT_TRUE(reader.corrupt().empty());
    if (at == 1) operations = files_.operations() - before;
  }
}

TEST_F(StoreWalkTest, GivesWhatTookThePlaceOfAWriteThatNeverCounted) {
  open();
  const auto lock = store::StoreLock::acquire(files_, paths_, "");
  ASSERT_TRUE(lock);
  files_.set_fault(Fault{.kind = FaultKind::io, .lasting = true, .among = [](const auto& op) {
                           return op.kind != OperationKind::write;
                         }});
  const store::Batch batch = make_batch({event_line(99), event_line(98)}, clock_.now());
  const store::Batch* group = &batch;
  ASSERT_FALSE(store_->journal->commit({&group, 1}));
  files_.set_fault(std::nullopt);
  Cursor reader = cursor();
  expect_rest(reader, 1);
  open();
  commit(3);
  ASSERT_EQ(store_->journal->file_number(), 1U) << "the file is used again, as it is empty";
  expect_rest(reader, 1);
}

}  // namespace
}  // namespace tally::tests
