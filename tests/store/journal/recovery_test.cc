#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "store/journal/durable_mark.h"
#include "store/journal/journal.h"
#include "store/journal/journal_scan.h"
#include "store/paths.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"

// Torn or corrupt? Bytes of real journals are damaged one place at a time; what recovery and
// readers then say is held against the rule in docs/format/journal.md.

namespace tally::tests {
namespace {

using store::Batch;
using store::Journal;
using store::StoreOptions;

class RecoveryTest : public testing::Test {
 protected:
  StoreOptions options() const {
    StoreOptions options;
    options.directory = paths.directory;
    options.file_bytes = 64 * 1024;
    options.file_events_max = 8;
    return options;
  }

  std::unique_ptr<Journal> open() {
    auto journal = Journal::open(files, clock, options());
    EXPECT_TRUE(journal) << to_string(journal.error());
    return journal ? std::move(journal).value() : nullptr;
  }

  /// Commits two events each time; returns where in the file the commit ends.
  std::uint64_t commit(Journal& journal) {
    const Batch batch = make_batch({event_line(number), event_line(number + 1)}, clock.now());
    number += 2;
    const Batch* group = &batch;
    EXPECT_TRUE(journal.commit({&group, 1}));
    return mark().offset;
  }

  store::DurableMark mark() { return store::read_durable_mark(files, paths).value().value(); }

  std::unique_ptr<store::File> file(std::uint64_t number_of_file) {
    return std::move(files.open(paths.journal_file(number_of_file), store::OpenMode::write))
        .value();
  }

  void flip(std::uint64_t number_of_file, std::uint64_t offset) {
    auto opened = file(number_of_file);
    char byte = 0;
    ASSERT_EQ(opened->read_at(offset, {&byte, 1}).value(), 1U);
    byte = static_cast<char>(byte ^ 0x10);
    const std::string_view part(&byte, 1);
    ASSERT_TRUE(opened->write_at(offset, {&part, 1}));
  }

  void forget_mark() { ASSERT_TRUE(files.remove(paths.durable())); }

  StoreContents read() {
    auto contents = read_store(files, paths.directory);
    EXPECT_TRUE(contents) << to_string(contents.error());
    return contents ? contents.value() : StoreContents{};
  }

  FaultFileSystem files;
  ManualClock clock;
  store::StorePaths paths{"/store"};
  std::uint64_t number = 1;
};

TEST_F(RecoveryTest, TornTailAboveTheMarkIsCutAndIsNoCorruption) {
  std::uint64_t last = 0;
  {
    auto journal = open();
    (void)commit(*journal);
    last = commit(*journal);
  }
  forget_mark();  // As if the machine had gone down before it was written.
  flip(1, last - 1);
  auto journal = open();
  EXPECT_TRUE(journal->recovery().corrupt.empty());
  EXPECT_GT(journal->recovery().torn_bytes, 0U);
  EXPECT_EQ(to_number(journal->state().next), 3U);
  const StoreContents found = read();
  EXPECT_EQ(found.lines, (std::vector{event_line(1), event_line(2)}));
  EXPECT_TRUE(found.corrupt.empty());
}

TEST_F(RecoveryTest, DamageBelowTheMarkIsCorruptionAndItsSequencesAreNotGivenAgain) {
  std::uint64_t first_end = 0;
  std::uint64_t last_end = 0;
  {
    auto journal = open();
    first_end = commit(*journal);
    last_end = commit(*journal);
  }
  flip(1, last_end - 1);
  auto journal = open();
  ASSERT_EQ(journal->recovery().corrupt.size(), 1U);
  EXPECT_EQ(journal->recovery().torn_bytes, 0U) << "what was damaged was acknowledged";
  const store::CorruptRange& range = journal->recovery().corrupt[0];
  EXPECT_EQ(range.path, paths.journal_file(1));
  EXPECT_EQ(range.offset, first_end);
  EXPECT_EQ(range.bytes, last_end - first_end);
  EXPECT_EQ(to_number(range.first_lost), 3U);
  EXPECT_EQ(range.events_lost, 2U);
  EXPECT_EQ(to_number(journal->state().next), 5U);
  (void)commit(*journal);
  const StoreContents found = read();
  EXPECT_EQ(found.lines, (std::vector{event_line(1), event_line(2), event_line(5), event_line(6)}));
  ASSERT_EQ(found.corrupt.size(), 1U);
  EXPECT_EQ(found.corrupt[0].events_lost, 2U);
}

TEST_F(RecoveryTest, DamageBeforeAValidCommitIsCorruptionEvenWithoutTheMark) {
  std::uint64_t first_end = 0;
  {
    auto journal = open();
    first_end = commit(*journal);
    (void)commit(*journal);
    (void)commit(*journal);
  }
  forget_mark();
  flip(1, first_end + 30);
  auto journal = open();
  ASSERT_EQ(journal->recovery().corrupt.size(), 1U);
  EXPECT_EQ(journal->recovery().corrupt[0].offset, first_end);
  EXPECT_EQ(journal->recovery().corrupt[0].events_lost, 2U);
  EXPECT_EQ(to_number(journal->state().next), 7U);
  EXPECT_EQ(read().lines,
            (std::vector{event_line(1), event_line(2), event_line(5), event_line(6)}));
}

TEST_F(RecoveryTest, DamageInAnOlderFileIsToldByReadersAndCostsOnlyItself) {
  {
    auto journal = open();
    for (int i = 0; i < 6; ++i) (void)commit(*journal);
    ASSERT_EQ(journal->file_number(), 2U);
  }
  auto scan_file = file(1);
  auto scan = std::move(store::JournalScan::open(*scan_file, "1")).value();
  const auto first = scan.next().value().value();
  const auto second = scan.next().value().value();
  flip(1, second.end - 1);
  StoreContents found = read();
  EXPECT_EQ(found.lines.size(), 10U);
  ASSERT_EQ(found.corrupt.size(), 1U);
  EXPECT_EQ(found.corrupt[0].path, paths.journal_file(1));
  EXPECT_EQ(to_number(found.corrupt[0].first_lost), 3U);
  EXPECT_EQ(found.corrupt[0].events_lost, 2U);

  flip(1, first.offset + 20);  // Now the header before it, too.
  found = read();
  EXPECT_EQ(found.lines.size(), 8U);
  EXPECT_EQ(found.lines.front(), event_line(5));
}

TEST_F(RecoveryTest, LastCommitOfAnOlderFileIsMissedIfItIsDamaged) {
  {
    auto journal = open();
    for (int i = 0; i < 5; ++i) (void)commit(*journal);
    ASSERT_EQ(journal->file_number(), 2U);
  }
  const std::uint64_t size = file(1)->size().value();
  flip(1, size - 1);
  const StoreContents found = read();
  EXPECT_EQ(found.lines.size(), 8U);
  ASSERT_EQ(found.corrupt.size(), 1U);
  EXPECT_EQ(to_number(found.corrupt[0].first_lost), 7U);
  EXPECT_EQ(found.corrupt[0].events_lost, 2U);
}

TEST_F(RecoveryTest, FailedSyncIsFinalForItsFile) {
  auto journal = open();
  (void)commit(*journal);
  const store::Path failed = paths.spare();  // What the file was called when it was opened.
  const auto on_failed_file = [&](const Operation& operation) { return operation.path == failed; };
  files.set_fault(Fault{.kind = FaultKind::io, .at = 1, .among = [&](const Operation& operation) {
                          return operation.kind == OperationKind::sync_data &&
                                 on_failed_file(operation);
                        }});
  const Batch batch = make_batch({"{}"}, clock.now());
  const Batch* group = &batch;
  const auto result = journal->commit({&group, 1});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::io);
  const std::size_t after = files.trace().size();
  (void)commit(*journal);
  EXPECT_EQ(journal->file_number(), 2U);
  const auto trace = files.trace();
  EXPECT_EQ(std::count_if(trace.begin() + static_cast<std::ptrdiff_t>(after), trace.end(),
                          on_failed_file),
            0)
      << "the failed file must not be touched again";
  const StoreContents found = read();
  EXPECT_EQ(found.lines, (std::vector{event_line(1), event_line(2), event_line(3), event_line(4)}));
  EXPECT_TRUE(found.corrupt.empty());
}

TEST_F(RecoveryTest, SaysThatTheOutcomeIsUnknownWhereNoNewFileCanCutTheFailedOneOff) {
  auto journal = open();
  (void)commit(*journal);
  files.set_fault(Fault{.kind = FaultKind::io, .at = 1, .lasting = true});
  const Batch batch = make_batch({event_line(3)}, clock.now());
  const Batch* group = &batch;
  EXPECT_EQ(journal->commit({&group, 1}).error().code, Errc::indeterminate);
  EXPECT_FALSE(journal->healthy());
  EXPECT_EQ(journal->commit({&group, 1}).error().code, Errc::io) << "nothing was even tried";
  files.set_fault(std::nullopt);
  ASSERT_TRUE(journal->commit({&group, 1}));
  EXPECT_TRUE(journal->healthy());
  EXPECT_EQ(read().lines, (std::vector{event_line(1), event_line(2), event_line(3)}));
}

TEST_F(RecoveryTest, RefusesToGuessWhenTheNewestFilesHeaderIsDamaged) {
  {
    auto journal = open();
    (void)commit(*journal);
  }
  flip(1, 20);
  const auto journal = Journal::open(files, clock, options());
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, Errc::corruption);
  EXPECT_NE(journal.error().context.find("00000001.jsonl.zst"), std::string::npos);
}

TEST_F(RecoveryTest, TheMarkIsStillThereAfterAPowerCut) {
  (void)commit(*open());
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    EXPECT_TRUE(files.after_crash(random)->exists(paths.durable()).value());
  }
}

TEST_F(RecoveryTest, ReaderWithoutAWriterStopsAtTheTornTail) {
  std::uint64_t last = 0;
  {
    auto journal = open();
    (void)commit(*journal);
    last = commit(*journal);
  }
  forget_mark();
  flip(1, last - 1);
  const StoreContents found = read();
  EXPECT_EQ(found.lines, (std::vector{event_line(1), event_line(2)}));
  EXPECT_TRUE(found.corrupt.empty());
}

}  // namespace
}  // namespace tally::tests
