#include "store/segment/segment_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "store/segment/segment_format.h"
#include "store/segment/segment_schema.h"
#include "tests/store/segment/segment_harness.h"
#include "tests/store/segment/segment_line_styles.h"

namespace tally::store {
namespace {

using tests::CommitMaker;
using tests::JournalCommit;

std::vector<std::string> some_lines(std::size_t count) {
  return tests::StyledLines(tests::LineStyle::python, 5).lines(count);
}

class SegmentWriterErrors : public testing::Test {
 protected:
  SegmentWriter writer() {
    return SegmentWriter::create(files_, "segment", tests::sample_segment()).value();
  }
  Errc error_of(const Result<void>& result) {
    EXPECT_FALSE(result);
    return result.error().code;
  }

  tests::FaultFileSystem files_;
  CommitMaker maker_{tests::sample_segment().first};
};

TEST_F(SegmentWriterErrors, TakesOnlyTheLinesThatTheCommitNames) {
  const JournalCommit commit = maker_.commit(some_lines(3));
  SegmentWriter segment = writer();
  ASSERT_TRUE(segment.begin_commit(commit.header, commit.core_hash));
  std::string other = commit.frames[0];
  other[other.size() / 2] ^= 1;
  EXPECT_EQ(error_of(segment.add_frame(other)), Errc::corruption);
}

TEST_F(SegmentWriterErrors, TakesOnlyAsManyLinesAsTheCommitSays) {
  JournalCommit commit = maker_.commit(some_lines(3));
  commit.header.frames[0].count = 2;
  SegmentWriter segment = writer();
  ASSERT_TRUE(segment.begin_commit(commit.header, commit.core_hash));
  EXPECT_EQ(error_of(segment.add_frame(commit.frames[0])), Errc::corruption);
}

TEST_F(SegmentWriterErrors, MissesAFrame) {
  const JournalCommit first = maker_.commit(some_lines(3));
  const JournalCommit second = maker_.commit(some_lines(3));
  SegmentWriter segment = writer();
  EXPECT_EQ(error_of(segment.add_frame(first.frames[0])), Errc::corruption);
  ASSERT_TRUE(segment.begin_commit(first.header, first.core_hash));
  EXPECT_EQ(error_of(segment.begin_commit(second.header, second.core_hash)), Errc::corruption);
  EXPECT_FALSE(segment.finish());
}

TEST_F(SegmentWriterErrors, MissesACommit) {
  const JournalCommit first = maker_.commit({});
  const JournalCommit second = maker_.commit(some_lines(3));
  JournalCommit third = maker_.commit(some_lines(3));
  SegmentWriter segment = writer();
  EXPECT_EQ(error_of(segment.begin_commit(third.header, third.core_hash)), Errc::corruption);
  ASSERT_TRUE(segment.begin_commit(first.header, first.core_hash));
  third.header.first = second.header.first;
  EXPECT_EQ(error_of(segment.begin_commit(third.header, third.core_hash)), Errc::corruption);
}

TEST_F(SegmentWriterErrors, NeverReplacesAFile) {
  (void)writer();
  EXPECT_FALSE(SegmentWriter::create(files_, "segment", tests::sample_segment()));
}

TEST_F(SegmentWriterErrors, ReportsEveryFailureOfTheFile) {
  const auto commits = tests::commits_of(some_lines(50), 10);
  bool finished = false;
  for (std::uint64_t at = 1; !finished; ++at) {
    tests::FaultFileSystem files;
    files.set_fault(tests::Fault{.kind = tests::FaultKind::no_space, .at = at});
    const auto summary = tests::write_segment(files, "segment", commits);
    finished = files.operations() < at;
    EXPECT_EQ(summary.has_value(), finished) << at;
    files.set_fault(std::nullopt);
    if (!finished && files.exists("segment").value()) {
      // Unless all is written and only the sync failed, no reader takes it for a segment.
      const auto reader = SegmentReader::open(files, "segment");
      EXPECT_TRUE(!reader || files.trace().back().kind != tests::OperationKind::write) << at;
    }
  }
}

TEST(SegmentWriter, AnEmptySegmentIsLegal) {
  for (const bool with_commits : {false, true}) {
    tests::FaultFileSystem files;
    CommitMaker maker(tests::sample_segment().first);
    std::vector<JournalCommit> commits;
    if (with_commits) commits = {maker.commit({}), maker.commit({})};
    const auto summary = tests::write_segment(files, "segment", commits);
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary.value().count, 0U);
    auto reader = SegmentReader::open(files, "segment");
    ASSERT_TRUE(reader) << to_string(reader.error());
    EXPECT_EQ(reader.value().summary(), summary.value());
    EXPECT_EQ(reader.value().identity(), tests::sample_segment());
    EXPECT_TRUE(reader.value().blocks().empty());
    EXPECT_TRUE(tests::read_segment(reader.value()).value().lines.empty());
    EXPECT_TRUE(reader.value().audit());
    EXPECT_FALSE(reader.value().may_contain("web").value());
  }
}

/// Commits with several frames and runs, of which some cross the ends of blocks.
std::vector<JournalCommit> varied_commits(const std::vector<std::string>& lines) {
  CommitMaker maker(tests::sample_segment().first);
  std::vector<JournalCommit> commits;
  const std::size_t half = lines.size() / 2;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < half; ++i) bytes += lines[i].size() + 2;
  Run file{.count = static_cast<std::uint32_t>(half),
           .received = UtcTime{std::chrono::seconds{1769205309}},
           .kind = SourceKind::file,
           .line_end = 2,
           .offset = 4096,
           .source = "/var/log/container-audit.jsonl",
           .client = {}};
  Run http{.count = static_cast<std::uint32_t>(lines.size() - half),
           .received = UtcTime{std::chrono::seconds{1769205310}},
           .kind = SourceKind::http,
           .line_end = 0,
           .offset = 0,
           .source = "192.0.2.7",
           .client = "ci"};
  commits.push_back(maker.commit({}));
  commits.push_back(maker.commit(lines, half, {file, http}));
  commits.push_back(maker.commit({}));
  file.count = 2;
  file.offset += bytes;
  commits.push_back(maker.commit({lines[0], lines[1]}, 1, {file}));
  commits.push_back(maker.commit({}));
  return commits;
}

TEST(SegmentWriter, KeepsProvenanceAndChain) {
  auto lines = some_lines(40'000);
  const auto commits = varied_commits(lines);
  tests::FaultFileSystem files;
  ASSERT_TRUE(tests::write_segment(files, "segment", commits));
  auto reader = SegmentReader::open(files, "segment").value();
  ASSERT_GT(reader.blocks().size(), 2U);
  auto audit = reader.audit();
  EXPECT_TRUE(audit) << to_string(audit.error());
  const auto contents = tests::read_segment(reader).value();
  lines.insert(lines.end(), {lines[0], lines[1]});
  ASSERT_EQ(contents.lines, lines);
  std::vector<tally::Run> runs = commits[1].header.runs;
  runs.push_back(commits[3].header.runs[0]);
  EXPECT_EQ(tests::joined_runs(contents.runs, contents.lines), runs);
}

TEST(SegmentWriter, SummaryAndBlocksTellTheTimesThatEventsState) {
  const std::vector<std::string> lines{
      R"({"timestamp":"2026-01-23T21:55:09Z","service":"s","operation":"o","success":true})",
      R"({"timestamp":"2026-01-23T21:55:08+01:00","service":"s","operation":"o","success":true})",
      // No shape has a name with escapes, but its time counts.
      R"({"t\u0069mestamp":"2027-01-23T21:55:0\u0039Z","service":"s","operation":"o",)"
      R"("success":true})"};
  tests::FaultFileSystem files;
  const auto summary = tests::write_segment(files, "segment", tests::commits_of(lines, 3)).value();
  EXPECT_EQ(summary.earliest, parse_rfc3339("2026-01-23T20:55:08Z")->utc);
  EXPECT_EQ(summary.latest, parse_rfc3339("2027-01-23T21:55:09Z")->utc);
  EXPECT_EQ(summary.received, parse_rfc3339("2026-01-23T21:55:09Z")->utc);
  const auto reader = SegmentReader::open(files, "segment").value();
  ASSERT_EQ(reader.blocks().size(), 1U);
  EXPECT_EQ(reader.blocks()[0].earliest, summary.earliest);
  EXPECT_EQ(reader.blocks()[0].latest, summary.latest);
  EXPECT_EQ(reader.uncounted(), 1U);
}

TEST(SegmentWriter, CountsByServiceOperationAndOutcome) {
  std::vector<std::string> lines;
  const auto event = [](int service, int operation, bool success) {
    return R"({"timestamp":"2026-01-23T21:55:09Z","service":"s)" + std::to_string(service) +
           R"(","operation":"o)" + std::to_string(operation) + R"(","success":)" +
           (success ? "true}" : "false}");
  };
  for (int i = 0; i < 40'000; ++i) lines.push_back(event(i % 7 % 3, i % 2, i % 5 != 0));
  tests::FaultFileSystem files;
  ASSERT_TRUE(tests::write_segment(files, "segment", tests::commits_of(lines, 9000)));
  auto reader = SegmentReader::open(files, "segment").value();
  const SegmentSchema* const schema = reader.schema().value();
  EXPECT_EQ(reader.uncounted(), 0U);
  std::uint64_t total = 0;
  for (const EventCount& count : reader.counts()) {
    const auto text = [&](std::uint32_t column, std::uint32_t code) {
      return std::string(schema->text(schema->words(column)[code]));
    };
    const std::string service = text(kServiceColumn, count.key.service);
    const std::string operation = text(kOperationColumn, count.key.operation);
    std::uint64_t expected = 0;
    for (int i = 0; i < 40'000; ++i) {
      expected += "s" + std::to_string(i % 7 % 3) == service &&
                          "o" + std::to_string(i % 2) == operation &&
                          (i % 5 != 0) == count.key.success
                      ? 1
                      : 0;
    }
    EXPECT_EQ(count.events, expected) << service << ' ' << operation;
    total += count.events;
  }
  EXPECT_EQ(total, 40'000U);
}

}  // namespace
}  // namespace tally::store
