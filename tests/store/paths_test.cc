#include "store/paths.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace tally::store {
namespace {

TEST(StorePaths, NamesEveryFile) {
  const StorePaths paths("/var/lib/tally");
  EXPECT_EQ(paths.lock(), "/var/lib/tally/LOCK");
  EXPECT_EQ(paths.durable(), "/var/lib/tally/durable");
  EXPECT_EQ(paths.journal(), "/var/lib/tally/journal");
  EXPECT_EQ(paths.spare(), "/var/lib/tally/journal/spare");
  EXPECT_EQ(paths.journal_file(42), "/var/lib/tally/journal/00000042.jsonl.zst");
  EXPECT_EQ(paths.journal_file(123456789), "/var/lib/tally/journal/123456789.jsonl.zst");
  EXPECT_EQ(paths.segment_file(42), "/var/lib/tally/segments/00000042.seg");
  EXPECT_EQ(paths.rejected_file(42), "/var/lib/tally/rejected/00000042.rej");
  EXPECT_EQ(paths.manifest(), "/var/lib/tally/MANIFEST");
  EXPECT_EQ(paths.readers(), "/var/lib/tally/READERS");
}

TEST(StorePaths, ReadsTheNumbersThatItWrites) {
  const StorePaths paths("d");
  for (const std::uint64_t number :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{99999999}, std::uint64_t{100000000},
        std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_EQ(parse_journal_name(paths.journal_file(number).filename().string()), number);
    EXPECT_EQ(parse_segment_name(paths.segment_file(number).filename().string()), number);
    EXPECT_EQ(parse_rejected_name(paths.rejected_file(number).filename().string()), number);
  }
}

TEST(StorePaths, KnowsNoOtherNames) {
  for (const char* name :
       {"", "spare", ".jsonl.zst", "42.jsonl.zst", "0000042.jsonl.zst", "000000042.jsonl.zst",
        "00000042.jsonl", "00000042.jsonl.zst.tmp", "0000004x.jsonl.zst", "-0000042.jsonl.zst",
        "+0000042.jsonl.zst", " 00000042.jsonl.zst", "18446744073709551616.jsonl.zst",
        "99999999999999999999999999.jsonl.zst"}) {
    EXPECT_EQ(parse_journal_name(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace tally::store
