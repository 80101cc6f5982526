#include "store/segment/segment_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "store/segment/block_decoder.h"
#include "store/segment/text_hash.h"
#include "store/segment/text_scan.h"
#include "tests/store/segment/hostile_texts.h"
#include "tests/store/segment/segment_harness.h"
#include "tests/store/segment/segment_line_styles.h"
#include "tests/support/store_harness.h"

namespace tally::store {
namespace {

/// The lines that a search finds, by reading only what it asks for.
std::vector<std::string> found(SegmentReader& reader, std::string_view path,
                               std::string_view text) {
  auto search = SegmentSearch::prepare(reader, path, text).value();
  std::vector<std::string> lines;
  for (std::size_t block = 0; block < reader.blocks().size() && !search.hopeless(); ++block) {
    const auto rows = search.rows(block);
    EXPECT_TRUE(rows) << to_string(rows.error());
    const auto written = search.block().lines(rows.value()).value();
    for (std::string& line : tests::split_lines(written)) lines.push_back(std::move(line));
  }
  return lines;
}

/// What some string of the line stands for, but neither a key, nor its time or operation, which
/// have no dictionary or filter to be found by.
std::string some_value(std::string_view line, std::mt19937_64& random) {
  std::vector<std::string> values;
  std::string_view rest = line;
  while (const auto string = next_string(rest)) {
    const bool indexed = !string->starts_with("20") && *string != "inspect" && *string != "restart";
    const std::string text = unescaped(*string).value();
    if (indexed && has_string_value(line, text)) values.push_back(text);
  }
  return values[random() % values.size()];
}

class SegmentSearchStyles : public testing::TestWithParam<tests::LineStyle> {};

TEST_P(SegmentSearchStyles, FindsWhatAPlainScanFinds) {
  // One style has two blocks; the others differ in what is in them.
  const std::size_t count = GetParam() == tests::LineStyle::python ? 17'000 : 3'000;
  const auto lines = tests::StyledLines(GetParam(), 17).lines(count);
  tests::FaultFileSystem files;
  ASSERT_TRUE(tests::write_segment(files, "segment", tests::commits_of(lines, 1000)));
  auto reader = SegmentReader::open(files, "segment").value();
  std::mt19937_64 random(20260124);
  for (int i = 0; i < 15; ++i) {
    const std::string wanted = some_value(lines[random() % lines.size()], random);
    std::vector<std::string> expected;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(expected),
                 [&](const std::string& line) { return has_string_value(line, wanted); });
    const auto read = found(reader, "", wanted);
    ASSERT_EQ(read.size(), expected.size()) << wanted;
    EXPECT_TRUE(read == expected) << wanted;
  }
}

INSTANTIATE_TEST_SUITE_P(All, SegmentSearchStyles, testing::ValuesIn(tests::kLineStyles));

TEST(SegmentSearch, LooksAtOnePathOnly) {
  const auto event = [](const std::string& container, const std::string& image) {
    return R"({"timestamp":"2026-01-23T21:55:09Z","service":"s","operation":"o","container":")" +
           container + R"(","success":true,"metadata":{"image":")" + image + R"("}})";
  };
  const std::vector<std::string> lines{event("web", "db"), event("db", "web"), event("x", "y")};
  tests::FaultFileSystem files;
  ASSERT_TRUE(tests::write_segment(files, "segment", tests::commits_of(lines, 3)));
  auto reader = SegmentReader::open(files, "segment").value();
  EXPECT_EQ(found(reader, "container", "web"), std::vector<std::string>{lines[0]});
  EXPECT_EQ(found(reader, "metadata\x1Fimage", "web"), std::vector<std::string>{lines[1]});
  EXPECT_EQ(found(reader, "", "web"), (std::vector<std::string>{lines[0], lines[1]}));
  EXPECT_TRUE(SegmentSearch::prepare(reader, "", "no such string").value().hopeless());
}

TEST(SegmentSearch, FindsAStringHoweverItIsSpelled) {
  const auto event = [](const std::string& container, const std::string& error) {
    return R"({"timestamp":"2026-01-23T21:55:09Z","service":"s","operation":"o","container":")" +
           container + R"(","success":false,"error":")" + error + R"("})";
  };
  const std::vector<std::string> lines{event("web", R"(no \"a\" here)"), event(R"(w\u0065b)", "x"),
                                       event(R"(web\n)", "no 17 here"),
                                       event("db", R"(no \u0022a\u0022 here)")};
  tests::FaultFileSystem files;
  ASSERT_TRUE(tests::write_segment(files, "segment", tests::commits_of(lines, 4)));
  auto reader = SegmentReader::open(files, "segment").value();
  EXPECT_EQ(found(reader, "container", "web"), (std::vector<std::string>{lines[0], lines[1]}));
  EXPECT_EQ(found(reader, "container", "web\n"), std::vector<std::string>{lines[2]});
  EXPECT_EQ(found(reader, "error", "no \"a\" here"),
            (std::vector<std::string>{lines[0], lines[3]}));
  EXPECT_TRUE(SegmentSearch::prepare(reader, "", R"(w\u0065b)").value().hopeless());
}

TEST(SegmentSearch, FindsWithoutAFilterWhatWasChosenAgainstIt) {
  std::vector<std::string> lines;
  for (const std::uint64_t hash : tests::hashes_without_filter()) {
    const std::string text = tests::text_with_hash(hash);
    ASSERT_EQ(text_hash(text), hash);
    lines.push_back(R"({"timestamp":"2026-01-23T21:55:09Z","service":"s","operation":"o",)"
                    R"("container":")" +
                    text + R"(","success":true})");
  }
  tests::FaultFileSystem files;
  const auto written = tests::write_segment(files, "segment", tests::commits_of(lines, 10));
  ASSERT_TRUE(written) << to_string(written.error());
  EXPECT_EQ(written.value().filter.bytes, 0U);
  auto reader = SegmentReader::open(files, "segment").value();
  const std::string wanted = tests::text_with_hash(tests::hashes_without_filter()[40]);
  EXPECT_EQ(found(reader, "container", wanted), std::vector<std::string>{lines[40]});
  EXPECT_EQ(tests::read_segment(reader).value().lines, lines);
}

}  // namespace
}  // namespace tally::store
