#include "store/salvage/store_salvage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "tests/store/salvage/salvage_harness.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

using store::SalvagedFile;
using store::SalvageKind;
using store::SalvageReport;

/// A store with segments 1 to 3 and journal files 4 to 6, four events in each; and what a salvage
/// of it gives.
class StoreSalvageTest : public testing::Test {
 protected:
  void SetUp() override {
    store::StoreOptions options;
    options.directory = paths_.directory;
    options.file_bytes = 64 * 1024;
    auto opened = SealingStore::open(files_, clock_, options);
    ASSERT_TRUE(opened) << to_string(opened.error());
    store_ = std::make_unique<SealingStore>(std::move(opened).value());
    for (int file = 1; file <= 6; ++file) {
      for (int i = 0; i < 2; ++i) commit();
      if (file < 6) rotate();
      if (file == 3) {
        ASSERT_EQ(store_->seal_all(files_), 3);
      }
    }
  }

  void commit() {
    store::Batch batch;
    for (int i = 0; i < 2; ++i) originals_.push_back(event_line(originals_.size() + 1));
    batch = make_batch({originals_.end() - 2, originals_.end()}, clock_.now());
    batch.refused.emplace_back();
    batch.refused.back().reason = "refused with " + originals_.back();
    const store::Batch* group = &batch;
    ASSERT_TRUE(store_->journal->commit({&group, 1}));
  }

  void rotate() { ASSERT_TRUE(store_->journal->rotate()); }

  SalvagedContents salvage(const std::vector<store::Path>& paths = {"/store"}) {
    SalvagedContents contents;
    auto report = store::StoreSalvage(files_, {}, collect(contents)).run(paths);
    EXPECT_TRUE(report) << to_string(report.error());
    if (report) report_ = std::move(report).value();
    EXPECT_EQ(compare(contents, originals_, 1), "");
    EXPECT_EQ(report_.events, contents.lines.size());
    return contents;
  }

  std::string read(const store::Path& path) {
    const auto file = std::move(files_.open(path, store::OpenMode::read)).value();
    std::string bytes(file->size().value(), '\0');
    EXPECT_TRUE(file->read_at(0, bytes));
    return bytes;
  }

  /// These files end with their last commit, because nothing was written ahead.
  void damage_behind_commits(const store::Path& path) {
    const auto file = std::move(files_.open(path, store::OpenMode::write)).value();
    const std::string_view part = "damage";
    ASSERT_TRUE(file->write_at(file->size().value(), {&part, 1}));
  }

  const SalvagedFile& file(const store::Path& path) {
    const auto found = std::ranges::find(report_.files, path, &SalvagedFile::path);
    EXPECT_NE(found, report_.files.end()) << path;
    return *found;
  }

  FaultFileSystem files_;
  ManualClock clock_;
  store::StorePaths paths_{"/store"};
  std::unique_ptr<SealingStore> store_;
  std::vector<std::string> originals_;
  SalvageReport report_;
};

TEST_F(StoreSalvageTest, GivesEverythingOfAWholeStoreInOrder) {
  const auto contents = salvage();
  EXPECT_EQ(contents.lines.size(), originals_.size());
  EXPECT_EQ(contents.refused.size(), 12U);
  EXPECT_TRUE(report_.whole());
  EXPECT_EQ(report_.lost, 0U);
}

TEST_F(StoreSalvageTest, ReadsAndDoesNothingElse) {
  const auto before = files_.operations();
  salvage();
  const auto trace = files_.trace();
  for (auto i = before; i < trace.size(); ++i) {
    EXPECT_FALSE(changes_storage(trace[i].kind)) << to_string(trace[i]);
    EXPECT_NE(trace[i].kind, OperationKind::try_lock);
    EXPECT_NE(trace[i].kind, OperationKind::try_lock_range);
  }
}

TEST_F(StoreSalvageTest, NeedsNeitherManifestNorDurableNorLock) {
  for (const auto& path : {paths_.manifest(), paths_.durable()}) ASSERT_TRUE(files_.remove(path));
  EXPECT_EQ(salvage().lines.size(), originals_.size());
  EXPECT_TRUE(report_.whole());
}

TEST_F(StoreSalvageTest, TellsWhatADamagedFileLost) {
  ASSERT_TRUE(files_.remove(paths_.segment_file(2)));
  const auto contents = salvage();
  EXPECT_EQ(contents.lines.size(), originals_.size() - 4);
  EXPECT_FALSE(report_.whole());
  EXPECT_EQ(report_.lost, 4U);
  // The file before it should have gone on up to the next one, or MANIFEST's file is missing.
  std::vector<store::SequenceRange> lost;
  for (const SalvagedFile& each : report_.files) {
    lost.insert(lost.end(), each.lost.begin(), each.lost.end());
  }
  EXPECT_EQ(lost, (std::vector{store::SequenceRange{Sequence{5}, Sequence{9}}}));
}

TEST_F(StoreSalvageTest, GivesWhatTwoFilesHoldOnce) {
  const std::string segment = read(paths_.segment_file(1));
  const auto copy = std::move(files_.open("/copy", store::OpenMode::create)).value();
  const std::string_view part = segment;
  ASSERT_TRUE(copy->write_at(0, {&part, 1}));
  EXPECT_EQ(salvage({"/store", "/copy"}).repeated, 0U);
  EXPECT_EQ(report_.events, originals_.size());
  EXPECT_TRUE(report_.whole());
  EXPECT_EQ(file("/copy").events + file("/copy").repeated, 4U);
}

TEST_F(StoreSalvageTest, ASingleFileIsEnough) {
  EXPECT_EQ(salvage({paths_.segment_file(2)}).lines.size(), 4U);
  EXPECT_TRUE(report_.whole());
  EXPECT_EQ(salvage({paths_.journal_file(5)}).lines.size(), 4U);
  EXPECT_EQ(salvage({paths_.rejected_file(1)}).refused.size(), 2U);
  EXPECT_TRUE(report_.whole());
}

TEST_F(StoreSalvageTest, AFileOfSomethingElseIsTold) {
  ASSERT_TRUE(files_.open("/text", store::OpenMode::create));
  salvage({"/text"});
  EXPECT_FALSE(report_.whole());
  EXPECT_FALSE(file("/text").failure.empty());
  SalvagedContents contents;
  const std::vector<store::Path> paths{"/nothing"};
  const auto report = store::StoreSalvage(files_, {}, collect(contents)).run(paths);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::not_found);
}

TEST_F(StoreSalvageTest, WhatANewerFileTakesBackIsNotGiven) {
  // The last commit of file 5 is written, but its sync fails: it is refused, and file 6 cuts it
  // off.
  ASSERT_TRUE(files_.remove(paths_.durable()));
  files_.set_fault(Fault{.kind = FaultKind::io, .among = [this](const auto& op) {
                           return op.kind == OperationKind::sync_data &&
                                  op.path.parent_path() == paths_.journal();
                         }});
  const store::Batch batch = make_batch({"{\"refused\":true}"}, clock_.now());
  const store::Batch* group = &batch;
  ASSERT_FALSE(store_->journal->commit({&group, 1}));
  files_.set_fault(std::nullopt);
  for (int i = 0; i < 2; ++i) commit();
  EXPECT_EQ(salvage().lines.size(), originals_.size());
  EXPECT_EQ(file(paths_.journal_file(6)).taken_back, 1U);
  EXPECT_TRUE(report_.whole());
}

TEST_F(StoreSalvageTest, ReadsAroundWhatTheDiskCannotRead) {
  files_.set_fault(Fault{.kind = FaultKind::io, .lasting = true, .among = [this](const auto& op) {
                           return op.kind == OperationKind::read &&
                                  op.path == paths_.segment_file(1);
                         }});
  EXPECT_EQ(salvage().lines.size(), originals_.size() - 4);
  EXPECT_EQ(report_.lost, 4U);
  EXPECT_FALSE(file(paths_.segment_file(1)).whole());
}

TEST_F(StoreSalvageTest, ATornTailOfTheNewestFileLeavesADoubt) {
  ASSERT_TRUE(files_.remove(paths_.durable()));
  damage_behind_commits(paths_.journal_file(6));
  EXPECT_EQ(salvage().lines.size(), originals_.size());
  EXPECT_TRUE(file(paths_.journal_file(6)).in_doubt);
  EXPECT_FALSE(report_.whole());
}

TEST_F(StoreSalvageTest, ATornTailOfAnOlderFileIsNoLoss) {
  damage_behind_commits(paths_.journal_file(5));
  EXPECT_EQ(salvage().lines.size(), originals_.size());
  EXPECT_TRUE(report_.whole());
  EXPECT_EQ(file(paths_.journal_file(5)).damage.size(), 1U);
}

}  // namespace
}  // namespace tally::tests
