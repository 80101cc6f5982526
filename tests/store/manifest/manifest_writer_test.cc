#include "store/manifest/manifest_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/support/fault_file_system.h"
#include "tests/support/sample_segments.h"

namespace tally::tests {
namespace {

using store::FoundManifest;
using store::Manifest;
using store::ManifestWriter;
using store::RemovedFiles;

class ManifestWriterTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files.create_directories(paths.directory)); }

  /// Opens what is there; of a store of its own if nothing is.
  ManifestWriter open() {
    FoundManifest found = read();
    found.manifest.store = sample_manifest(0).store;
    auto writer = ManifestWriter::open(files, paths, std::move(found));
    EXPECT_TRUE(writer) << to_string(writer.error());
    return std::move(writer).value();
  }

  FoundManifest read() { return store::read_manifest(files, paths).value(); }

  std::uint64_t count(OperationKind kind, std::string_view path) const {
    std::uint64_t count = 0;
    for (const Operation& operation : files.trace()) {
      count += operation.kind == kind && operation.path == path ? 1U : 0U;
    }
    return count;
  }

  FaultFileSystem files;
  store::StorePaths paths{"/store"};
};

TEST_F(ManifestWriterTest, MakesAManifestThatNamesTheStore) {
  EXPECT_FALSE(read().whole);
  open();
  const FoundManifest found = read();
  EXPECT_TRUE(found.whole);
  EXPECT_EQ(found.manifest.store, sample_manifest(0).store);
  EXPECT_TRUE(found.manifest.segments.empty());
}

TEST_F(ManifestWriterTest, AppendsOneSyncedRecordPerChange) {
  ManifestWriter writer = open();
  for (std::uint64_t number = 1; number <= 5; ++number) {
    ASSERT_TRUE(writer.add(sample_segment(number)));
    EXPECT_EQ(read().manifest, writer.manifest());
  }
  ASSERT_TRUE(writer.remove({2, sample_segment(3).first}));
  EXPECT_EQ(read().manifest, writer.manifest());
  EXPECT_EQ(read().manifest.segments.size(), 3U);
  EXPECT_EQ(count(OperationKind::rename, "/store/MANIFEST"), 1U) << "its creation";
  EXPECT_EQ(count(OperationKind::write, "/store/MANIFEST"), 6U);
  EXPECT_EQ(count(OperationKind::sync_data, "/store/MANIFEST"), 6U);
}

TEST_F(ManifestWriterTest, GoesOnWithAWholeFileAndReplacesATornOne) {
  { ASSERT_TRUE(open().add(sample_segment(1))); }
  { ASSERT_TRUE(open().add(sample_segment(2))); }
  EXPECT_EQ(count(OperationKind::rename, "/store/MANIFEST"), 1U);
  {
    const auto file = std::move(files.open(paths.manifest(), store::OpenMode::write)).value();
    ASSERT_TRUE(file->truncate(file->size().value() - 1));
  }
  ManifestWriter writer = open();
  EXPECT_EQ(count(OperationKind::rename, "/store/MANIFEST"), 2U);
  EXPECT_TRUE(read().whole);
  EXPECT_EQ(read().manifest.segments.size(), 1U);
  ASSERT_TRUE(writer.add(sample_segment(2)));
  EXPECT_EQ(read().manifest.segments.size(), 2U);
}

TEST_F(ManifestWriterTest, WritesAllAnewAfterAFailureInsteadOfTouchingTheFileAgain) {
  ManifestWriter writer = open();
  ASSERT_TRUE(writer.add(sample_segment(1)));
  files.set_fault(Fault{.kind = FaultKind::io, .among = [](const Operation& operation) {
                          return operation.kind == OperationKind::sync_data;
                        }});
  EXPECT_FALSE(writer.add(sample_segment(2)));
  EXPECT_EQ(writer.manifest().segments.size(), 1U);
  ASSERT_TRUE(writer.add(sample_segment(3)));
  EXPECT_EQ(count(OperationKind::rename, "/store/MANIFEST"), 2U);
  ASSERT_EQ(read().manifest.segments.size(), 2U);
  EXPECT_EQ(read().manifest.segments[1], sample_segment(3));
}

TEST_F(ManifestWriterTest, ForgetsSupersededRecordsOnceThereAreMany) {
  ManifestWriter writer = open();
  for (std::uint64_t number = 1; number <= 2200; ++number) {
    ASSERT_TRUE(writer.add(sample_segment(number)));
    ASSERT_TRUE(writer.remove({number, sample_segment(number + 1).first}));
  }
  EXPECT_EQ(count(OperationKind::rename, "/store/MANIFEST"), 2U);
  EXPECT_LT(read().records, 400U);
  EXPECT_EQ(read().manifest.removed, (RemovedFiles{2200, sample_segment(2201).first}));
}

}  // namespace
}  // namespace tally::tests
