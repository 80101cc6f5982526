#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "bench/corpus.h"
#include "tests/ingest/event_line_generator.h"
#include "tests/store/segment/segment_harness.h"
#include "tests/store/segment/segment_line_styles.h"
#include "tests/support/store_harness.h"

namespace tally::store {
namespace {

using tests::LineStyle;

constexpr std::uint64_t kSeed = 20260124;

/// TALLY_SEED=n tries other lines.
std::uint64_t seed() {
  const char* const given = std::getenv("TALLY_SEED");
  return given == nullptr ? kSeed : std::strtoull(given, nullptr, 10);
}

struct Stored {
  SegmentSummary summary;
  std::vector<std::string> lines;
  std::size_t blocks = 0;
};

Stored store_and_read(const std::vector<std::string>& lines, std::size_t commit_lines) {
  tests::FaultFileSystem files;
  const auto written =
      tests::write_segment(files, "segment", tests::commits_of(lines, commit_lines));
  EXPECT_TRUE(written) << to_string(written.error());
  auto reader = SegmentReader::open(files, "segment");
  EXPECT_TRUE(reader) << to_string(reader.error());
  auto contents = tests::read_segment(reader.value());
  EXPECT_TRUE(contents) << to_string(contents.error());
  return {written.value(), std::move(contents.value().lines), reader.value().blocks().size()};
}

/// Compared one by one: a failure shows the first line that differs, not a million bytes.
void expect_same(const std::vector<std::string>& read, const std::vector<std::string>& written) {
  ASSERT_EQ(read.size(), written.size());
  for (std::size_t i = 0; i < read.size(); ++i) ASSERT_EQ(read[i], written[i]) << "line " << i;
}

TEST(SegmentRoundTrip, GivesBackEveryStyleByteForByte) {
  SCOPED_TRACE("TALLY_SEED=" + std::to_string(seed()));
  for (const LineStyle style : tests::kLineStyles) {
    SCOPED_TRACE("style " + std::to_string(static_cast<int>(style)));
    const auto lines = tests::StyledLines(style, seed()).lines(3000);
    expect_same(store_and_read(lines, 100).lines, lines);
  }
}

TEST(SegmentRoundTrip, GivesBackWhateverTheContractAccepts) {
  SCOPED_TRACE("TALLY_SEED=" + std::to_string(seed()));
  tests::EventLineGenerator generator(seed());
  std::vector<std::string> lines;
  while (lines.size() < 3000) lines.push_back(generator.good_line());
  expect_same(store_and_read(lines, 7).lines, lines);
}

// No such line gets into a journal, but the format does not rest on that.
TEST(SegmentRoundTrip, GivesBackLinesThatAreNoEvents) {
  SCOPED_TRACE("TALLY_SEED=" + std::to_string(seed()));
  tests::EventLineGenerator generator(seed());
  std::mt19937_64 random(seed());
  std::vector<std::string> lines{"", "{}", std::string("\x01\x02\x03\0", 4), "\"", "[1]"};
  while (lines.size() < 3000) {
    std::string line = generator.mutated_line();
    if (random() % 2 == 0) line[random() % line.size()] = static_cast<char>(1 + random() % 9);
    lines.push_back(std::move(line));
  }
  expect_same(store_and_read(lines, 500).lines, lines);
}

TEST(SegmentRoundTrip, GivesBackSeveralBlocksOfTheCorpus) {
  std::string text;
  bench::CorpusGenerator({.seed = 3}).append_lines(text, 40'000);
  const auto lines = tests::split_lines(text);
  const Stored stored = store_and_read(lines, 4000);
  expect_same(stored.lines, lines);
  EXPECT_EQ(stored.blocks, 3U);
  EXPECT_EQ(stored.summary.count, 40'000U);
  EXPECT_EQ(stored.summary.lines_bytes, text.size());
  EXPECT_LT(static_cast<double>(stored.summary.stored_bytes) / 40'000, 20);
}

TEST(SegmentRoundTrip, GivesBackMoreShapesThanThereIsRoomFor) {
  std::vector<std::string> lines;
  for (int i = 0; i < 6000; ++i) {
    const std::string number = std::to_string(i);
    lines.push_back(R"({"timestamp":"2026-01-23T21:55:09Z","service":"s","operation":"o",)"
                    R"("success":true,"metadata":{"key)" +
                    number + R"(":"value )" + number + R"("}})");
  }
  expect_same(store_and_read(lines, 1000).lines, lines);
  for (int i = 0; i < 6000; ++i) {
    lines[static_cast<std::size_t>(i)] = R"({"timestamp":"2026-01-23T21:55:09Z","service":"s)" +
                                         std::to_string(i) + R"(","operation":"o)" +
                                         std::to_string(i) + R"(","success":true})";
  }
  expect_same(store_and_read(lines, 1000).lines, lines);
}

TEST(SegmentRoundTrip, GivesBackTheLongestLines) {
  std::vector<std::string> lines;
  for (int i = 0; i < 300; ++i) {
    const std::string fill = i % 3 == 0   ? R"(":")" + std::string(65'000, 'x') + '"'
                             : i % 3 == 1 ? R"(":)" + std::string(65'000, '1')
                                          : R"(":[)" + std::string(60'000, ' ') + "1]";
    lines.push_back(R"({"timestamp":"2026-01-23T21:55:09Z","service":"s","operation":"o",)"
                    R"("success":true,"metadata":{"k)" +
                    fill + "}}");
  }
  const Stored stored = store_and_read(lines, 100);
  expect_same(stored.lines, lines);
  EXPECT_GT(stored.blocks, 1U);  // 8 MiB are one
}

}  // namespace
}  // namespace tally::store
