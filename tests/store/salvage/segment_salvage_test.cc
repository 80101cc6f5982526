#include "store/salvage/segment_salvage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "store/salvage/block_search.h"
#include "store/segment/segment_format.h"
#include "tests/store/salvage/salvage_harness.h"
#include "tests/store/segment/segment_harness.h"
#include "tests/store/segment/segment_line_styles.h"
#include "tests/support/bytes_file.h"

namespace tally::store {
namespace {

using tests::flipped;
using tests::SalvagedContents;

const std::uint64_t kFirst = to_number(tests::sample_segment().first);

/// A segment in memory, and what is in it.
class SegmentSalvageTest : public testing::Test {
 protected:
  void write(const std::vector<std::string>& lines, std::vector<tally::Run> runs,
             std::size_t frame) {
    originals_ = lines;
    tests::CommitMaker maker(tests::sample_segment().first);
    tests::FaultFileSystem files;
    ASSERT_TRUE(
        tests::write_segment(files, "segment", {maker.commit(lines, frame, std::move(runs))}));
    bytes_ = tests::file_bytes(files, "segment");
    tests::BytesFile file(bytes_);
    SalvageFindings ignored;
    auto found = search_blocks(file, ignored);
    ASSERT_TRUE(found);
    found_ = std::move(found).value();
    ASSERT_TRUE(found_.footer);
  }

  /// Small, of one block.
  void write_small() {
    const auto lines = tests::StyledLines(tests::LineStyle::python, 1).lines(40);
    write(lines, {{.count = 40, .source = "127.0.0.1", .client = {}}}, 20);
  }

  /// Names of sources close a block before its events do: three blocks of few events.
  void write_blocks() {
    const std::size_t block_events = kBlockNameBytes / 4096;
    const auto lines = tests::StyledLines(tests::LineStyle::go, 2).lines(2 * block_events + 200);
    std::vector<tally::Run> runs;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      runs.push_back({.count = 1,
                      .received = UtcTime{std::chrono::seconds{i}},
                      .source = std::string(4096, 's'),
                      .client = {}});
    }
    write(lines, std::move(runs), lines.size());
    ASSERT_EQ(found_.blocks.size(), 3U);
  }

  SalvagedContents salvage(const std::string& bytes, bool unverified = false) {
    SalvagedContents contents;
    tests::BytesFile file(bytes);
    auto findings = salvage_segment(file, {.unverified = unverified}, collect(contents));
    EXPECT_TRUE(findings);
    if (findings) findings_ = std::move(findings).value();
    EXPECT_EQ(compare(contents, originals_, kFirst), "");
    return contents;
  }

  std::string missing_of_block(const SalvagedContents& contents, std::size_t index) {
    const BlockHeader& header = found_.blocks[index].header;
    const std::uint64_t first = to_number(header.first);
    return missing(contents, first, first + header.count);
  }

  std::size_t footer_offset() const { return bytes_.rfind("TLE"); }
  std::string without_footer() const { return bytes_.substr(0, footer_offset()); }

  std::vector<std::string> originals_;
  std::string bytes_;
  FoundSegment found_;
  SalvageFindings findings_;
};

TEST_F(SegmentSalvageTest, GivesAllOfAWholeFile) {
  write_blocks();
  const auto contents = salvage(bytes_);
  EXPECT_EQ(contents.lines.size(), originals_.size());
  EXPECT_EQ(contents.runs.size(), originals_.size());
  EXPECT_TRUE(findings_.damage.empty());
  EXPECT_FALSE(findings_.end_in_doubt);
  EXPECT_EQ(to_number(*findings_.end), kFirst + originals_.size());
}

TEST_F(SegmentSalvageTest, OnlyDamageInPartsCostsEvents) {
  write_small();
  const FoundBlock& block = found_.blocks[0];
  for (std::size_t at = 0; at < bytes_.size(); at += 2) {
    SCOPED_TRACE(at);
    const auto contents = salvage(flipped(bytes_, at));
    const bool in_parts = at >= block.parts_offset && at < block.end();
    EXPECT_TRUE(in_parts || contents.lines.size() == originals_.size());
    if (HasFailure()) return;
  }
}

TEST_F(SegmentSalvageTest, WithoutAFooterBlocksAreFoundByTheirHeaders) {
  write_small();
  const std::string bytes = without_footer();
  EXPECT_EQ(salvage(bytes).lines.size(), originals_.size());
  EXPECT_TRUE(findings_.end_in_doubt);
  const FoundBlock& block = found_.blocks[0];
  for (std::size_t at = block.parts_offset; at < bytes.size(); at += 7) {
    SCOPED_TRACE(at);
    const auto contents = salvage(flipped(bytes, at));
    EXPECT_TRUE(at < block.end() || contents.lines.size() == originals_.size());
    if (HasFailure()) return;
  }
}

TEST_F(SegmentSalvageTest, AnyTruncationGivesNothingThatWasNotThere) {
  write_small();
  const std::size_t schema = found_.footer->schema->stored.offset;
  const std::size_t schema_end = schema + found_.footer->schema->stored.bytes;
  for (std::size_t length = 0; length < bytes_.size(); length += 5) {
    SCOPED_TRACE(length);
    const auto contents = salvage(bytes_.substr(0, length));
    EXPECT_EQ(contents.lines.size(), length >= schema_end ? originals_.size() : 0U);
    EXPECT_TRUE(findings_.end_in_doubt);
    if (HasFailure()) return;
  }
}

TEST_F(SegmentSalvageTest, UndamagedBlocksComeBackWholeWhateverBecomesOfTheOthers) {
  write_blocks();
  const std::size_t second = found_.blocks[1].offset;
  const std::size_t parts = found_.blocks[1].parts_offset;
  const std::vector<std::string> damaged{
      flipped(bytes_, second + 20),
      flipped(bytes_, parts + 3),
      tests::zeroed(bytes_, second - 100, 4096),
      tests::zeroed(bytes_, second, found_.blocks[1].end() - second),
      flipped(without_footer(), second + 20),
      flipped(without_footer(), parts + 3),
      tests::zeroed(without_footer(), second, 4096),
      tests::without(bytes_, parts + 5, 1000),
      tests::without(without_footer(), parts + 5, 1000),
  };
  for (std::size_t i = 0; i < damaged.size(); ++i) {
    SCOPED_TRACE(i);
    const auto contents = salvage(damaged[i], true);
    if (i != 2) {
      EXPECT_EQ(missing_of_block(contents, 0), "");
    }
    // Where the header before it and the footer are gone, nothing vouches for the last block.
    const bool vouched = i < 4 || i == 5 || i >= 7;
    if (vouched) {
      EXPECT_EQ(missing_of_block(contents, 2), "");
    } else {
      EXPECT_GE(contents.unverified.size(), found_.blocks[2].header.count);
    }
    EXPECT_FALSE(findings_.damage.empty());
  }
  EXPECT_EQ(salvage(damaged[0]).lines.size(), originals_.size()) << "the footer has a copy";
  EXPECT_TRUE(findings_.damage[0].harmless);
}

TEST_F(SegmentSalvageTest, EventsThatNeedNoDamagedPartComeBack) {
  write_blocks();
  std::size_t at = found_.blocks[1].parts_offset;
  std::vector<std::size_t> saved;
  for (const BlockPart& part : found_.blocks[1].header.parts) {
    const auto contents = salvage(flipped(bytes_, at + part.bytes / 2));
    EXPECT_EQ(missing_of_block(contents, 0), "");
    EXPECT_EQ(missing_of_block(contents, 2), "");
    ASSERT_EQ(findings_.damage.size(), 1U);
    EXPECT_EQ(findings_.damage[0].offset, at);
    saved.push_back(contents.lines.size());
    if (part.number == kRunsPart) {
      EXPECT_EQ(contents.lines.size(), originals_.size()) << "without provenance";
      EXPECT_LT(contents.runs.size(), originals_.size());
    }
    if (part.number == kCommitsPart || part.number == kCountsPart) {
      EXPECT_EQ(contents.runs.size(), originals_.size());
      EXPECT_TRUE(findings_.damage[0].harmless);
    }
    at += part.bytes;
  }
  const auto all_but_the_block = originals_.size() - found_.blocks[1].header.count;
  EXPECT_TRUE(std::ranges::any_of(saved, [&](std::size_t count) {
    return count > all_but_the_block && count < originals_.size();
  }));
}

/// Ids are stored as bytes, so whoever posts them can write a block into a segment.
TEST_F(SegmentSalvageTest, ABlockThatStandsAloneIsGivenOnDemandOnly) {
  write_small();
  const std::string block = bytes_.substr(found_.blocks[0].offset);
  EXPECT_TRUE(salvage("something" + block.substr(0, block.size() - 1)).lines.empty());
  EXPECT_EQ(salvage("something" + block.substr(0, block.size() - 1), true).unverified.size(),
            originals_.size());
}

}  // namespace
}  // namespace tally::store
