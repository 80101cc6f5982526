#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/e2e/command_line.h"
#include "tests/support/store_harness.h"

// A byte of a store changes: what `tally query`, `count`, `segments` and `salvage` then say.

namespace tally::tests {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kEvents = 2000;         // Of each of the three files.
constexpr std::uint64_t kFirstNumber = 10'000;  // So that lines are in order as texts, too.

class SalvageCommand : public CommandLine {
 protected:
  void SetUp() override {
    for (std::uint64_t file = 0; file < 3; ++file) {
      std::string text;
      for (std::uint64_t i = 0; i < kEvents; ++i) {
        lines_.push_back(event_line(kFirstNumber + file * kEvents + i));
        text += lines_.back() + '\n';
      }
      write("lines", text);
      ASSERT_EQ(tally("import lines").status, 0) << complaint();
      if (file < 2) {
        ASSERT_EQ(tally("seal").status, 0) << complaint();
      }
    }
  }

  /// Turns over the bits of the byte that lies at this part of the file.
  void damage(const std::string& name, double where) {
    const auto path = directory() / "tally-data" / name;
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(0, std::ios::end);
    const auto at = static_cast<std::streamoff>(static_cast<double>(file.tellg()) * where);
    file.seekg(at);
    const int byte = file.get();
    file.seekp(at);
    file.put(static_cast<char>(~byte));
    ASSERT_TRUE(file.flush());
  }

  /// The journal file that is not sealed, and the length of what is written of it.
  void damage_journal() {
    const auto path = directory() / "tally-data/journal/00000003.jsonl.zst";
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto written = bytes.find_last_not_of('\0') + 1;
    damage("journal/00000003.jsonl.zst",
           static_cast<double>(written) / 2 / static_cast<double>(bytes.size()));
  }

  std::string text(std::uint64_t begin, std::uint64_t end) const {
    std::string text;
    for (std::uint64_t i = begin; i < end; ++i) text += lines_[i] + '\n';
    return text;
  }

  std::string bytes_of(const std::string& name) const {
    std::ifstream file(directory() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::vector<std::string> lines_;
};

TEST_F(SalvageCommand, OfAWholeStoreIsEveryLineAnd0) {
  const Ran ran = tally("salvage tally-data");
  EXPECT_EQ(ran.status, 0) << complaint();
  EXPECT_TRUE(ran.output == text(0, 3 * kEvents));
}

TEST_F(SalvageCommand, OfADamagedSegmentIsWhatCanBeProvenAnd1) {
  damage("segments/00000002.seg", 0.4);
  const Ran query = tally("query -o jsonl");
  EXPECT_EQ(query.status, 0);
  EXPECT_TRUE(query.output == text(0, kEvents) + text(2 * kEvents, 3 * kEvents));
  EXPECT_THAT(complaint(), HasSubstr("segments/00000002.seg"));
  EXPECT_THAT(complaint(), HasSubstr("events 2001 to 4000 are lost"));
  EXPECT_THAT(complaint(), HasSubstr("tally salvage PATH -o DIR"));
  EXPECT_EQ(tally("count").output, "4000\n");
  EXPECT_THAT(complaint(), HasSubstr("events 2001 to 4000 are lost"));

  const Ran ran = tally("salvage tally-data -o salvaged/");
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.output, "");
  EXPECT_THAT(complaint(), HasSubstr("segments/00000002.seg"));
  const auto salvaged = split_lines(bytes_of("salvaged/events.jsonl"));
  EXPECT_GE(salvaged.size(), 2 * kEvents);
  EXPECT_LT(salvaged.size(), 3 * kEvents);
  EXPECT_TRUE(std::includes(lines_.begin(), lines_.end(), salvaged.begin(), salvaged.end()));

  ASSERT_EQ(tally("import --data new salvaged/events.jsonl").status, 0) << complaint();
  EXPECT_EQ(tally("count --data new").output, std::to_string(salvaged.size()) + "\n");
}

TEST_F(SalvageCommand, OfASegmentWithoutItsEndIsAllOfIt) {
  const auto path = directory() / "tally-data/segments/00000001.seg";
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 20);
  EXPECT_EQ(tally("segments").status, 1);
  EXPECT_THAT(complaint(), HasSubstr("segments/00000001.seg"));
  const Ran ran = tally("salvage tally-data/segments/00000001.seg");
  EXPECT_TRUE(ran.output == text(0, kEvents)) << complaint();
}

TEST_F(SalvageCommand, OfADamagedJournalFileIsWhatCanBeProvenAnd1) {
  damage_journal();
  for (const char* const command : {"query -o jsonl", "count"}) {
    EXPECT_EQ(tally(command).status, 0);
    EXPECT_THAT(complaint(), HasSubstr("journal/00000003.jsonl.zst")) << command;
    EXPECT_THAT(complaint(), HasSubstr("are lost")) << command;
  }
  const Ran ran = tally("salvage tally-data");
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(complaint(), HasSubstr("journal/00000003.jsonl.zst"));
  const auto salvaged = split_lines(ran.output);
  EXPECT_GE(salvaged.size(), 2 * kEvents);
  EXPECT_LT(salvaged.size(), 3 * kEvents);
}

TEST_F(SalvageCommand, NothingIsWrittenBesideTheEvidence) {
  const Ran ran = tally("salvage tally-data -o tally-data/salvaged/");
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(complaint(), HasSubstr("name another place with -o"));
  EXPECT_FALSE(exists("tally-data/salvaged"));
}

}  // namespace
}  // namespace tally::tests
