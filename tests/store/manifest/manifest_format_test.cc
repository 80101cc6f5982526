#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "store/manifest/manifest_codec.h"
#include "tests/support/format_page.h"
#include "tests/support/sample_segments.h"

namespace tally::store {
namespace {

constexpr const char* kGolden = TALLY_SOURCE_DIR "/tests/golden/manifest/v1.manifest";

/// Of a Tally that did not yet write segments' times of receipt.
constexpr const char* kWithoutReceipt =
    TALLY_SOURCE_DIR "/tests/golden/manifest/v1-without-receipt.manifest";

/// One segment, and then a removal of the one before it.
std::string written_now() {
  Manifest manifest = tests::sample_manifest(0);
  manifest.removed = {};
  manifest.segments = {tests::sample_segment(42)};
  std::string bytes = encode_manifest(manifest);
  put_removed_record(bytes, {41, tests::sample_segment(42).first});
  return bytes;
}

std::string golden(const char* path = kGolden) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Changing these bytes without a new version makes existing stores unreadable. To write the file
// anew for a new version: TALLY_WRITE_GOLDEN=1.
TEST(ManifestFormat, IsWrittenAsEver) {
  if (std::getenv("TALLY_WRITE_GOLDEN") != nullptr) {
    std::ofstream(kGolden, std::ios::binary) << written_now();
  }
  EXPECT_EQ(written_now(), golden());
}

TEST(ManifestFormat, IsReadAsEver) {
  const FoundManifest found = decode_manifest(golden()).value();
  EXPECT_TRUE(found.whole);
  EXPECT_EQ(found.records, 2U);
  EXPECT_EQ(found.manifest.store, tests::sample_manifest(0).store);
  EXPECT_EQ(found.manifest.removed, (RemovedFiles{41, tests::sample_segment(42).first}));
  ASSERT_EQ(found.manifest.segments.size(), 1U);
  EXPECT_EQ(found.manifest.segments[0], tests::sample_segment(42));
}

TEST(ManifestFormat, WhatDoesNotTellTheTimeOfReceiptIsReadToo) {
  SegmentSummary expected = tests::sample_segment(42);
  expected.received = expected.latest;
  expected.filter = {};
  const FoundManifest found = decode_manifest(golden(kWithoutReceipt)).value();
  EXPECT_TRUE(found.whole);
  EXPECT_EQ(found.manifest.segments, std::vector{expected});
}

TEST(ManifestFormat, TheFormatPageShowsTheseBytes) {
  EXPECT_EQ(tests::dumped_bytes("docs/format/manifest.md"), golden());
}

}  // namespace
}  // namespace tally::store
