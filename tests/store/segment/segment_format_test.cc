#include "store/segment/segment_format.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "store/disk/posix_file_system.h"
#include "tests/store/segment/segment_harness.h"
#include "tests/store/segment/segment_line_styles.h"
#include "tests/support/command_output.h"
#include "tests/support/format_page.h"
#include "tests/support/temporary_directory.h"

namespace tally::store {
namespace {

constexpr const char* kGolden = TALLY_SOURCE_DIR "/tests/golden/segment/v1.seg";
/// Of a Tally that did not yet write the time of receipt into the footer.
constexpr const char* kWithoutReceipt =
    TALLY_SOURCE_DIR "/tests/golden/segment/v1-without-receipt.seg";
constexpr const char* kReader = "python3 " TALLY_SOURCE_DIR "/docs/format/read_segment.py ";

const std::vector<std::string>& events() {
  static const std::vector<std::string> kEvents{
      R"({"timestamp": "2026-01-23T21:55:09.592561+00:00", "service": "health-monitor", )"
      R"("operation": "restart", "container": "web", "success": true, "error": null, )"
      R"("metadata": {"request_id": "00112233445566778899aabbccddeeff", "duration_ms": 8.051}})",
      R"({"timestamp": "2026-01-23T21:55:09.104882+00:00", "service": "health-monitor", )"
      R"("operation": "restart", "container": "web", "success": true, "error": null, )"
      R"("metadata": {"request_id": "8899aabbccddeeff0011223344556677", "duration_ms": 12.5}})",
      R"({"timestamp":"2026-01-23T21:55:11Z","service":"container-engine","operation":"stop",)"
      R"("container":"db","success":false,"error":"HTTP 404: no such container: db"})"};
  return kEvents;
}

/// Two events over HTTP, a checkpoint alone, and one event of a followed file.
std::vector<tests::JournalCommit> commits() {
  tests::CommitMaker maker(tests::sample_segment().first);
  const Run file{.count = 1,
                 .received = UtcTime{std::chrono::seconds{1769205311}},
                 .kind = SourceKind::file,
                 .line_end = 1,
                 .offset = 4096,
                 .source = "/var/log/container-audit.jsonl",
                 .client = {}};
  return {maker.commit({events()[0], events()[1]}), maker.commit({}),
          maker.commit({events()[2]}, 1, {file}), maker.commit({})};
}

std::string written_now() {
  tests::FaultFileSystem files;
  EXPECT_TRUE(tests::write_segment(files, "segment", commits()));
  return tests::file_bytes(files, "segment");
}

std::string golden() {
  std::ifstream file(kGolden, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

// Changing these bytes without a new version makes existing stores unreadable. (The compressed
// parts are those of zstd 1.5.4; another release may write others, which is no change of the
// format.) To write the file anew for a new version: TALLY_WRITE_GOLDEN=1.
TEST(SegmentFormat, IsWrittenAsEver) {
  if (std::getenv("TALLY_WRITE_GOLDEN") != nullptr) {
    std::ofstream(kGolden, std::ios::binary) << written_now();
  }
  EXPECT_EQ(written_now(), golden());
}

TEST(SegmentFormat, IsReadAsEver) {
  PosixFileSystem files;
  auto reader = SegmentReader::open(files, kGolden).value();
  EXPECT_EQ(reader.identity(), tests::sample_segment());
  const auto contents = tests::read_segment(reader).value();
  EXPECT_EQ(contents.lines, events());
  const auto expected = commits();
  ASSERT_EQ(contents.runs.size(), 2U);
  EXPECT_EQ(contents.runs[0], expected[0].header.runs[0]);
  EXPECT_EQ(contents.runs[1], expected[2].header.runs[0]);
  EXPECT_EQ(reader.summary().received, expected[2].header.runs[0].received);
  EXPECT_TRUE(reader.audit());
  EXPECT_TRUE(reader.may_contain("00112233445566778899aabbccddeeff").value());
  EXPECT_FALSE(reader.may_contain("00112233445566778899aabbccddee00").value());
}

TEST(SegmentFormat, WhatDoesNotTellTheTimeOfReceiptIsReadToo) {
  PosixFileSystem files;
  auto reader = SegmentReader::open(files, kWithoutReceipt).value();
  EXPECT_EQ(reader.summary().received, parse_rfc3339("2026-01-23T21:55:11Z")->utc);
  EXPECT_EQ(reader.summary().received, reader.summary().latest);
  EXPECT_EQ(tests::read_segment(reader).value().lines, events());
  EXPECT_TRUE(reader.audit());
}

TEST(SegmentFormat, TheFormatPageShowsTheseBytes) {
  EXPECT_EQ(tests::dumped_bytes("docs/format/segment.md"), golden());
}

// The page is complete if somebody else could write a reader from it: this one, in Python.
TEST(SegmentFormat, TheOtherReaderReadsTheGoldenFile) {
  EXPECT_EQ(tests::output_of(kReader + std::string(kGolden)), joined(events()));
  EXPECT_EQ(tests::output_of(kReader + std::string("--runs ") + kGolden),
            "2 1769205309000000000 http 0 0 127.0.0.1 test\n"
            "1 1769205311000000000 file 1 4096 /var/log/container-audit.jsonl \n");
}

TEST(SegmentFormat, TheOtherReaderReadsEveryStyle) {
  const tests::TemporaryDirectory directory;
  PosixFileSystem files;
  for (const tests::LineStyle style : tests::kLineStyles) {
    const Path path = directory.path() / std::to_string(static_cast<int>(style));
    const auto lines = tests::StyledLines(style, 23).lines(400);
    ASSERT_TRUE(tests::write_segment(files, path, tests::commits_of(lines, 90)));
    EXPECT_TRUE(tests::output_of(kReader + path.string()) == joined(lines)) << path;
  }
}

}  // namespace
}  // namespace tally::store
