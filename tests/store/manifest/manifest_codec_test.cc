#include "store/manifest/manifest_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"
#include "tests/support/sample_segments.h"

namespace tally::store {
namespace {

using tests::sample_manifest;
using tests::sample_segment;

/// A record around any body, length and CRC right: as docs/format/manifest.md says.
std::string framed(std::string_view body) {
  std::string out;
  put_fixed32(out, static_cast<std::uint32_t>(body.size()));
  put_fixed32(out, crc32c(out + std::string(body)));
  return out + std::string(body);
}

std::string header_only() {
  Manifest empty;
  empty.store = sample_manifest(0).store;
  return encode_manifest(empty);
}

TEST(ManifestCodec, ReadsBackWhatItWrote) {
  for (const std::uint64_t count : {0, 1, 2, 100}) {
    const Manifest manifest = sample_manifest(count);
    const auto found = decode_manifest(encode_manifest(manifest));
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_EQ(found.value().manifest, manifest);
    EXPECT_TRUE(found.value().whole);
  }
}

TEST(ManifestCodec, FindsSegmentsByNumber) {
  const Manifest manifest = sample_manifest(50);
  for (const SegmentSummary& segment : manifest.segments) {
    ASSERT_EQ(manifest.find(segment.number), &segment);
    EXPECT_EQ(manifest.find(segment.number - 1), nullptr);  // The sample's numbers have gaps.
  }
  EXPECT_EQ(manifest.find(1'000'000), nullptr);
}

TEST(ManifestCodec, GivesTheWholeRecordsOfATornFile) {
  const Manifest manifest = sample_manifest(3);
  const std::string bytes = encode_manifest(manifest);
  std::size_t segments_before = 0;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto found = decode_manifest(std::string_view(bytes).substr(0, length));
    ASSERT_TRUE(found) << length;
    const auto& segments = found.value().manifest.segments;
    ASSERT_GE(segments.size(), segments_before);
    segments_before = segments.size();
    ASSERT_TRUE(std::equal(segments.begin(), segments.end(), manifest.segments.begin()));
    // Where a record ends, nothing tells that there was more.
    if (found.value().whole) {
      EXPECT_EQ(encode_manifest(found.value().manifest).size(), length);
    }
  }
  EXPECT_EQ(segments_before, 2U);
}

TEST(ManifestCodec, StopsAtTheFirstDamagedBit) {
  const Manifest manifest = sample_manifest(3);
  const std::string bytes = encode_manifest(manifest);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const auto found = decode_manifest(damaged);
    ASSERT_TRUE(found) << bit;
    ASSERT_FALSE(found.value().whole) << bit;
    const auto& segments = found.value().manifest.segments;
    ASSERT_LT(segments.size(), 3U);
    ASSERT_TRUE(std::equal(segments.begin(), segments.end(), manifest.segments.begin()));
  }
}

TEST(ManifestCodec, TheNewestRecordOfANumberCounts) {
  Manifest manifest = sample_manifest(2);
  std::string bytes = encode_manifest(manifest);
  manifest.segments[0].count += 7;
  put_segment_record(bytes, manifest.segments[0]);
  const auto found = decode_manifest(bytes).value();
  EXPECT_EQ(found.manifest, manifest);
  EXPECT_EQ(found.records, 4U) << "the removal, and three segments";
}

TEST(ManifestCodec, RemovalTakesAllUpToItsNumber) {
  Manifest manifest = sample_manifest(4);
  std::string bytes = encode_manifest(manifest);
  const RemovedFiles removed{manifest.segments[1].number, manifest.segments[2].first};
  put_removed_record(bytes, removed);
  put_removed_record(bytes, RemovedFiles{1, Sequence{2}});  // Older than what is known: no news.
  manifest.removed = removed;
  manifest.segments.erase(manifest.segments.begin(), manifest.segments.begin() + 2);
  EXPECT_EQ(decode_manifest(bytes).value().manifest, manifest);
}

TEST(ManifestCodec, RefusesWhatOnlyANewerTallyUnderstands) {
  std::string newer = header_only();
  newer[8] = 2;
  const std::uint32_t crc = crc32c(std::string_view(newer).substr(0, 28));
  std::string crc_bytes;
  put_fixed32(crc_bytes, crc);
  newer.replace(28, 4, crc_bytes);
  ASSERT_FALSE(decode_manifest(newer));
  EXPECT_EQ(decode_manifest(newer).error().code, Errc::unsupported);
  const auto unknown_kind = decode_manifest(header_only() + framed("\x7f"));
  ASSERT_FALSE(unknown_kind);
  EXPECT_EQ(unknown_kind.error().code, Errc::unsupported);
  std::string removal("\x02\x01\x01\x09\x02\x01\x05", 7);
  EXPECT_TRUE(decode_manifest(header_only() + framed(removal)).value().whole);
  const auto unknown_field = decode_manifest(header_only() + framed(removal + "\x7f\x01x"));
  ASSERT_FALSE(unknown_field);
  EXPECT_EQ(unknown_field.error().code, Errc::unsupported);
}

TEST(ManifestCodec, PassesOverWhatItMayIgnore) {
  const auto kind = decode_manifest(header_only() + framed("\x80 anything"));
  ASSERT_TRUE(kind);
  EXPECT_TRUE(kind.value().whole);
  const std::string removal("\x02\x01\x01\x09\x02\x01\x05\x80\x01x", 10);
  const auto field = decode_manifest(header_only() + framed(removal));
  ASSERT_TRUE(field);
  EXPECT_EQ(field.value().manifest.removed, (RemovedFiles{9, Sequence{5}}));
}

TEST(ManifestCodec, StopsAtASegmentThatCannotBe) {
  SegmentSummary segment = sample_segment(3);
  segment.count = ~std::uint64_t{0};
  std::string bytes = header_only();
  put_segment_record(bytes, segment);
  EXPECT_FALSE(decode_manifest(bytes).value().whole);
  segment = sample_segment(3);
  segment.number = 0;
  bytes = header_only();
  put_segment_record(bytes, segment);
  EXPECT_FALSE(decode_manifest(bytes).value().whole);
}

}  // namespace
}  // namespace tally::store
