#include "store/journal/journal_format.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "store/disk/sha256.h"
#include "store/journal/journal_scan.h"
#include "tests/support/bytes_file.h"
#include "tests/support/command_output.h"
#include "tests/support/format_page.h"
#include "tests/support/journal_bytes.h"

namespace tally::store {
namespace {

using tests::JournalBytes;

constexpr const char* kGolden = TALLY_SOURCE_DIR "/tests/golden/journal/v1.jsonl.zst";

const std::vector<std::string>& events() {
  static const std::vector<std::string> kEvents{
      R"({"timestamp": "2026-01-23T21:55:09.592561+00:00", "service": "health-monitor", )"
      R"("operation": "list", "container": null, "success": true})",
      R"({"timestamp": "2026-01-23T21:55:10.104882+00:00", "service": "health-monitor", )"
      R"("operation": "restart", "container": "web", "success": true})",
      R"({"timestamp": "2026-01-23T21:55:11Z", "service": "container-engine", )"
      R"("operation": "stop", "container": "db", "success": false, "error": "not allowed"})"};
  return kEvents;
}

Batch single_event() {
  JournalBytes frames(tests::sample_file_header());
  Batch batch;
  batch.frames.push_back(frames.frame({events()[0]}));
  batch.runs.push_back({.count = 1,
                        .received = parse_rfc3339("2026-01-23T21:55:09.6Z")->utc,
                        .kind = SourceKind::http,
                        .source = "127.0.0.1",
                        .client = "health-monitor"});
  return batch;
}

/// A refused event of which only the start was kept.
RefusedEvent cut_event() {
  RefusedEvent event;
  event.reason = "line 4: longer than 65536 bytes";
  event.received = parse_rfc3339("2026-01-23T21:55:11.25Z")->utc;
  event.kind = SourceKind::http;
  event.source = "192.0.2.7";
  event.client = "ci";
  event.length = 70'000;
  event.bytes = R"({"timestamp": ")";
  event.sha256 = sha256_of("the whole event");
  return event;
}

/// From a followed file, with one of everything else that a commit can hold.
Batch everything() {
  JournalBytes frames(tests::sample_file_header());
  Batch batch;
  batch.frames.push_back(frames.frame({events()[1], events()[2]}));
  batch.runs.push_back({.count = 2,
                        .received = parse_rfc3339("2026-01-23T21:55:11.25Z")->utc,
                        .kind = SourceKind::file,
                        .line_end = 1,
                        .offset = 4096,
                        .source = "/var/log/container-audit.jsonl",
                        .client = {}});
  batch.checkpoints.push_back({"/var/log/container-audit.jsonl", "inode=131 offset=4400"});
  batch.refused.push_back({.reason = "line 3: service is missing",
                           .received = batch.runs[0].received,
                           .kind = SourceKind::file,
                           .offset = 4376,
                           .source = "/var/log/container-audit.jsonl",
                           .client = {},
                           .length = 21,
                           .bytes = R"({"operation": "stop"})",
                           .sha256 = {}});
  batch.refused.push_back(cut_event());
  batch.keys.push_back({.client = "ci",
                        .key_sha256 = sha256_of("key"),
                        .body_sha256 = sha256_of("body"),
                        .received = batch.runs[0].received,
                        .first_event = 0,
                        .count = 2});
  return batch;
}

std::string written_now() {
  JournalBytes journal(tests::sample_file_header());
  journal.commit(single_event());
  journal.commit(everything());
  return journal.finish(32);
}

std::string golden() {
  std::ifstream file(kGolden, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Changing these bytes without a new version makes existing stores unreadable. (The compressed
// parts are those of zstd 1.5.4; another release may write others, which is no change of the
// format.) To write the file anew for a new version: TALLY_WRITE_GOLDEN=1.
TEST(JournalFormat, IsWrittenAsEver) {
  if (std::getenv("TALLY_WRITE_GOLDEN") != nullptr) {
    std::ofstream(kGolden, std::ios::binary) << written_now();
  }
  EXPECT_EQ(written_now(), golden());
}

TEST(JournalFormat, IsReadAsEver) {
  tests::BytesFile file(golden());
  JournalScan journal = JournalScan::open(file, kGolden, {.keep_refused = true}).value();
  EXPECT_EQ(journal.header(), tests::sample_file_header());
  const auto first = journal.next().value();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->header.runs, single_event().runs);
  const auto second = journal.next().value();
  ASSERT_TRUE(second);
  const Batch expected = everything();
  EXPECT_EQ(second->header.first, Sequence{1001});
  EXPECT_EQ(second->header.runs, expected.runs);
  EXPECT_EQ(second->header.checkpoints, expected.checkpoints);
  EXPECT_EQ(second->header.keys, expected.keys);
  EXPECT_EQ(second->header.refused, expected.refused);
  EXPECT_FALSE(journal.next().value());
  EXPECT_EQ(journal.tail().state, JournalTail::State::clean);
}

TEST(JournalFormat, ZstdcatPrintsTheEventsAndNothingElse) {
  std::string lines;
  for (const std::string& event : events()) lines += event + "\n";
  EXPECT_EQ(tests::output_of("zstdcat '" + std::string(kGolden) + "'"), lines);
}

TEST(JournalFormat, TheFormatPageShowsTheseBytes) {
  EXPECT_EQ(tests::dumped_bytes("docs/format/journal.md"), golden());
}

TEST(JournalFormat, RestSpansWhatIsLeft) {
  EXPECT_EQ(encode_rest(8), std::string("\x56\x2A\x4D\x18\x00\x00\x00\x00", 8));
  EXPECT_EQ(encode_rest(8 + 0x0102), std::string("\x56\x2A\x4D\x18\x02\x01\x00\x00", 8));
}

}  // namespace
}  // namespace tally::store
