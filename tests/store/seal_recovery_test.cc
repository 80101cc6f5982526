#include "store/seal_recovery.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/store_listing.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

class SealRecoveryTest : public testing::Test {
 protected:
  void SetUp() override {
    open();
    for (std::uint64_t number = 1; number <= 6; number += 2) {
      const store::Batch batch =
          make_batch({event_line(number), event_line(number + 1)}, clock_.now());
      const store::Batch* group = &batch;
      ASSERT_TRUE(store_->journal->commit({&group, 1}));
      ASSERT_TRUE(store_->journal->rotate());
    }
    ASSERT_EQ(store_->seal_all(files_), 3);
  }

  void open() {
    store::StoreOptions options;
    options.directory = paths_.directory;
    options.file_bytes = 64 * 1024;
    auto opened = SealingStore::open(files_, clock_, options);
    ASSERT_TRUE(opened) << to_string(opened.error());
    store_ = std::make_unique<SealingStore>(std::move(opened).value());
  }

  void put(const store::Path& path, std::string_view text) {
    const auto file = std::move(files_.open(path, store::OpenMode::open_or_create)).value();
    ASSERT_TRUE(file->write_at(0, {&text, 1}));
  }

  void expect_all_there() {
    const auto found = read_store(files_, paths_.directory);
    ASSERT_TRUE(found) << to_string(found.error());
    ASSERT_EQ(found.value().lines.size(), 6U);
    for (std::uint64_t i = 0; i < 6; ++i) EXPECT_EQ(found.value().lines[i], event_line(i + 1));
    EXPECT_TRUE(found.value().corrupt.empty());
  }

  FaultFileSystem files_;
  ManualClock clock_;
  store::StorePaths paths_{"/store"};
  std::unique_ptr<SealingStore> store_;
};

TEST_F(SealRecoveryTest, RemovesWhatWasInTheMaking) {
  const std::vector<store::Path> drafts{paths_.segment_draft(), paths_.manifest_draft(),
                                        paths_.rejected_draft()};
  for (const store::Path& draft : drafts) put(draft, "half");
  open();
  for (const store::Path& draft : drafts) EXPECT_FALSE(files_.exists(draft).value()) << draft;
  expect_all_there();
}

TEST_F(SealRecoveryTest, RebuildsALostManifestFromTheFooters) {
  const store::Manifest before = store_->manifest();
  ASSERT_TRUE(files_.remove(paths_.manifest()));
  open();
  EXPECT_EQ(store_->manifest(), before);
  const auto found = store::read_manifest(files_, paths_).value();
  EXPECT_TRUE(found.whole);
  EXPECT_EQ(found.manifest, before);
  expect_all_there();
}

TEST_F(SealRecoveryTest, GivesTheLastSegmentItsLostRecordBack) {
  const store::Manifest before = store_->manifest();
  const auto file = std::move(files_.open(paths_.manifest(), store::OpenMode::write)).value();
  ASSERT_TRUE(file->truncate(file->size().value() - 5));
  open();
  EXPECT_EQ(store_->manifest(), before);
}

TEST_F(SealRecoveryTest, FinishesARemovalThatWasOnlyRecorded) {
  auto manifest = std::move(store::ManifestWriter::open(
                                files_, paths_, store::read_manifest(files_, paths_).value()))
                      .value();
  ASSERT_TRUE(manifest.remove({2, Sequence{5}}));
  open();
  EXPECT_EQ(files_.list(paths_.segments()).value(), (std::vector<std::string>{"00000003.seg"}));
  EXPECT_EQ(store_->manifest().segments.size(), 1U);
  EXPECT_EQ(store_->manifest().removed.first, Sequence{5});
}

TEST_F(SealRecoveryTest, RefusesTheManifestOfAnotherStore) {
  store::Manifest foreign = store_->manifest();
  foreign.store->bytes[0] ^= 1;
  store::FoundManifest found{foreign, false, 0};
  ASSERT_TRUE(store::ManifestWriter::open(files_, paths_, found));
  const auto writer = store::recover_segments(files_, paths_, store_->journal->id());
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code, Errc::corruption);
}

TEST_F(SealRecoveryTest, NeverRemovesTheNewestJournalFile) {
  const auto newest = store::list_journals(files_, paths_).value();
  ASSERT_EQ(newest, (std::vector<std::uint64_t>{4}));
  store::Manifest manifest = store_->manifest();
  manifest.removed = {9, Sequence{7}};
  ASSERT_TRUE(store::remove_sealed_journals(files_, paths_, manifest));
  EXPECT_EQ(store::list_journals(files_, paths_).value(), newest);
}

}  // namespace
}  // namespace tally::tests
