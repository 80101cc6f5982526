#include "store/segment/segment_cursor.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/store/segment/segment_harness.h"
#include "tests/support/store_harness.h"

namespace tally::store {
namespace {

constexpr std::uint64_t kFirst = 1000;  // tests::sample_segment()

/// One event in fifty is of the container "rare"; times go on by a second.
std::string line(std::uint64_t number) {
  const std::string container = number % 50 == 3 || number % 50 == 4 ? "rare" : "usual";
  const UtcTime time{std::chrono::seconds{1'769'162'400 + static_cast<std::int64_t>(number)}};
  return R"({"timestamp":")" + format_rfc3339(time) +
         R"(","service":"s","operation":"o","container":")" + container +
         R"(","success":true,"metadata":{"number":)" + std::to_string(number) + "}}";
}

std::vector<std::string> lines_of(std::uint64_t count) {
  std::vector<std::string> lines;
  for (std::uint64_t i = 0; i < count; ++i) lines.push_back(line(i));
  return lines;
}

Selection container(const std::string& name) {
  Selection selection;
  selection.strings.push_back({"container", {name}});
  return selection;
}

struct Found {
  std::vector<std::uint64_t> numbers;
  std::vector<std::uint64_t> offsets;
  std::size_t chunks = 0;
};

/// All that the cursor gives; each event has to be the one that its sequence says.
Found read(SegmentReader& reader, const Selection& selection, std::uint64_t from = kFirst) {
  SegmentCursor cursor(reader, Sequence{from}, selection);
  Found found;
  while (const auto chunk = cursor.next().value()) {
    ++found.chunks;
    EXPECT_GE(cursor.position(), advance(chunk->first, chunk->count));
    std::uint64_t number = distance(Sequence{kFirst}, chunk->first);
    std::size_t next = 0;
    const auto lines = tests::split_lines(chunk->lines);
    EXPECT_EQ(lines.size(), chunk->count);
    for (const tally::Run& run : chunk->runs) {
      std::uint64_t offset = run.offset;
      for (std::uint32_t i = 0; i < run.count; ++i, ++number, ++next) {
        EXPECT_EQ(lines.at(next), line(number));
        found.numbers.push_back(number);
        found.offsets.push_back(offset);
        offset = next_offset(run, offset, lines[next].size());
      }
    }
    EXPECT_EQ(next, lines.size());
  }
  EXPECT_EQ(cursor.position(), advance(reader.summary().first, reader.summary().count));
  return found;
}

std::vector<std::uint64_t> rare_ones(std::uint64_t count, std::uint64_t from = 0) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = from; i < count; ++i) {
    if (i % 50 == 3 || i % 50 == 4) numbers.push_back(i);
  }
  return numbers;
}

class SegmentCursorTest : public testing::Test {
 protected:
  SegmentReader segment(const std::vector<tests::JournalCommit>& commits) {
    EXPECT_TRUE(tests::write_segment(files_, "segment", commits));
    return SegmentReader::open(files_, "segment").value();
  }

  tests::FaultFileSystem files_;
};

TEST_F(SegmentCursorTest, GivesOnlyTheEventsThatTheSelectionCanMean) {
  constexpr std::uint64_t kCount = 20'000;  // Two blocks.
  auto reader = segment(tests::commits_of(lines_of(kCount), 777));
  ASSERT_EQ(reader.blocks().size(), 2U);
  EXPECT_EQ(read(reader, container("rare")).numbers, rare_ones(kCount));
  EXPECT_EQ(read(reader, container("none")).chunks, 0U);
  Selection either = container("rare");
  either.strings[0].texts.push_back("none");
  EXPECT_EQ(read(reader, either).numbers, rare_ones(kCount));
  Selection both = container("rare");
  both.strings.push_back({"service", {"other"}});
  EXPECT_EQ(read(reader, both).chunks, 0U);
}

TEST_F(SegmentCursorTest, StartsInTheMiddle) {
  auto reader = segment(tests::commits_of(lines_of(500), 100));
  EXPECT_EQ(read(reader, container("rare"), kFirst + 204).numbers, rare_ones(500, 204));
  EXPECT_EQ(read(reader, container("rare"), kFirst + 499).chunks, 0U);
}

TEST_F(SegmentCursorTest, GivesABlockAsAWholeWhereMostOfItIsMeant) {
  auto reader = segment(tests::commits_of(lines_of(500), 500));
  EXPECT_EQ(read(reader, container("usual")).chunks, 1U);
  EXPECT_EQ(read(reader, {}).numbers.size(), 500U);
}

TEST_F(SegmentCursorTest, LeavesOutBlocksOfOtherTimes) {
  auto reader = segment(tests::commits_of(lines_of(20'000), 1000));
  const auto blocks = reader.blocks();
  ASSERT_EQ(blocks.size(), 2U);
  Selection late;
  late.from = blocks[1].earliest;
  late.until = blocks[1].latest + std::chrono::nanoseconds{1};
  ASSERT_LT(blocks[0].latest, *late.from);
  EXPECT_EQ(read(reader, late).numbers.size(), blocks[1].count);
  late.from = late.until;
  EXPECT_EQ(read(reader, late).chunks, 0U);
  Selection early;
  early.until = blocks[0].earliest;
  EXPECT_EQ(read(reader, early).chunks, 0U);
}

TEST_F(SegmentCursorTest, SaysWhereInAFileAnEventWasIfThatIsAskedFor) {
  const auto lines = lines_of(400);
  const tally::Run run{.count = 400,
                       .received = UtcTime{},
                       .kind = SourceKind::file,
                       .line_end = 1,
                       .offset = 5000,
                       .source = "/var/log/audit.jsonl",
                       .client = ""};
  auto reader = segment({tests::CommitMaker(Sequence{kFirst}).commit(lines, 400, {run})});
  std::vector<std::uint64_t> offsets{run.offset};
  for (const std::string& text : lines) offsets.push_back(offsets.back() + text.size() + 1);

  const Found whole = read(reader, container("rare"));
  EXPECT_EQ(whole.chunks, 1U);
  for (std::size_t i = 0; i < whole.numbers.size(); ++i) {
    EXPECT_EQ(whole.offsets[i], offsets[whole.numbers[i]]);
  }
  Selection without = container("rare");
  without.offsets = false;
  EXPECT_EQ(read(reader, without).numbers, rare_ones(400));
}

TEST_F(SegmentCursorTest, NumbersTheRecordsOfKafka) {
  const tally::Run run{.count = 200,
                       .received = UtcTime{},
                       .kind = SourceKind::kafka,
                       .line_end = 0,
                       .offset = 70,
                       .source = "audit/0",
                       .client = ""};
  auto reader = segment({tests::CommitMaker(Sequence{kFirst}).commit(lines_of(200), 200, {run})});
  const Found found = read(reader, container("rare"));
  ASSERT_EQ(found.numbers, rare_ones(200));
  for (std::size_t i = 0; i < found.numbers.size(); ++i) {
    EXPECT_EQ(found.offsets[i], 70 + found.numbers[i]);
  }
}

}  // namespace
}  // namespace tally::store
