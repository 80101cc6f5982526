#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "store/rejected/refused_codec.h"
#include "store/rejected/rejected_file.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/format_page.h"
#include "tests/support/sample_segments.h"

namespace tally::store {
namespace {

constexpr const char* kGolden = TALLY_SOURCE_DIR "/tests/golden/rejected/v1.rej";
const StorePaths kPaths("/store");

std::vector<RefusedEvent> events() {
  RefusedEvent first;
  first.reason = "line 1: service is missing";
  first.received = parse_rfc3339("2026-01-23T21:55:11.25Z")->utc;
  first.source = "192.0.2.7";
  first.client = "ci";
  first.bytes = R"({"operation": "stop"})";
  first.length = first.bytes.size();
  RefusedEvent second = first;
  second.client = "";
  second.reason = "line 2: not JSON";
  second.bytes = "stop";
  second.length = second.bytes.size();
  return {first, second};
}

std::string written_now() {
  tests::FaultFileSystem files;
  EXPECT_TRUE(files.create_directories(kPaths.rejected()));
  RejectedFileWriter writer(files, kPaths, {*tests::sample_manifest(0).store, 42});
  EXPECT_TRUE(writer.add(events()));
  EXPECT_TRUE(writer.finish());
  const auto file = std::move(files.open(kPaths.rejected_file(42), OpenMode::read)).value();
  std::string bytes(file->size().value(), '\0');
  EXPECT_TRUE(file->read_at(0, bytes));
  return bytes;
}

std::string golden() {
  std::ifstream file(kGolden, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Changing these bytes without a new version makes existing files unreadable. (The compressed parts
// are those of zstd 1.5.4; another release may write others, which is no change of the format.) To
// write the file anew for a new version: TALLY_WRITE_GOLDEN=1.
TEST(RejectedFormat, IsWrittenAsEver) {
  if (std::getenv("TALLY_WRITE_GOLDEN") != nullptr) {
    std::ofstream(kGolden, std::ios::binary) << written_now();
  }
  EXPECT_EQ(written_now(), golden());
}

TEST(RejectedFormat, IsReadAsEver) {
  tests::FaultFileSystem files;
  ASSERT_TRUE(files.create_directories(kPaths.rejected()));
  const std::string bytes = golden();
  const std::string_view part = bytes;
  ASSERT_TRUE(std::move(files.open(kPaths.rejected_file(42), OpenMode::create))
                  .value()
                  ->write_at(0, {&part, 1}));
  auto reader = std::move(RejectedFileReader::open(files, kPaths, 42)).value();
  EXPECT_EQ(reader.header(), (RejectedHeader{*tests::sample_manifest(0).store, 42}));
  for (std::uint64_t index = 0; index < 2; ++index) {
    const auto pack = reader.next().value();
    ASSERT_TRUE(pack);
    EXPECT_EQ(pack->index, index);
    EXPECT_EQ(pack->client, events()[index].client);
    EXPECT_EQ(unpack_refused(pack->frame).value(), (std::vector{events()[index]}));
  }
  EXPECT_FALSE(reader.next().value());
}

TEST(RejectedFormat, TheFormatPageShowsTheseBytes) {
  EXPECT_EQ(tests::dumped_bytes("docs/format/rejected.md"), golden());
}

}  // namespace
}  // namespace tally::store
