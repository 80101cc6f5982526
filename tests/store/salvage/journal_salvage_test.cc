#include "store/salvage/journal_salvage.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/store/salvage/salvage_harness.h"
#include "tests/support/bytes_file.h"
#include "tests/support/journal_bytes.h"

namespace tally::store {
namespace {

using tests::flipped;
using tests::SalvagedContents;

/// A journal file of eight commits, each of two frames with three events, and what is in it.
class JournalSalvageTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kCommits = 8;
  static constexpr std::uint64_t kCommitEvents = 6;

  JournalSalvageTest() : journal_(tests::sample_file_header()) {
    first_ = to_number(tests::sample_file_header().first);
    for (std::uint64_t i = 0; i < kCommits; ++i) {
      Batch batch;
      for (int frame = 0; frame < 2; ++frame) {
        std::vector<std::string> events;
        for (int n = 0; n < 3; ++n) {
          events.push_back(tests::sample_event(originals_.size()));
          originals_.push_back(events.back());
        }
        batch.frames.push_back(journal_.frame(events));
      }
      batch.runs.push_back({.count = kCommitEvents, .source = "127.0.0.1", .client = {}});
      batch.refused.emplace_back();
      batch.refused.back().reason = "refused with commit " + std::to_string(i);
      journal_.commit(batch);
    }
    bytes_ = journal_.finish(1000);
  }

  SalvagedContents salvage(const std::string& bytes, bool unverified = false) {
    SalvagedContents contents;
    tests::BytesFile file(bytes);
    auto found = salvage_journal(file, "file", {.unverified = unverified}, collect(contents));
    EXPECT_TRUE(found);
    if (found) findings_ = std::move(found).value();
    EXPECT_EQ(compare(contents, originals_, first_), "");
    return contents;
  }

  /// Everything but the commits that have bytes in [from, to).
  std::string missing_but(const SalvagedContents& contents, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t i = 0; i < kCommits; ++i) {
      if (journal_.boundaries()[i] < to && journal_.boundaries()[i + 1] > from) continue;
      const std::uint64_t begin = first_ + i * kCommitEvents;
      const auto gone = missing(contents, begin, begin + kCommitEvents);
      if (!gone.empty()) return gone;
    }
    return "";
  }

  std::vector<std::string> originals_;
  tests::JournalBytes journal_;
  std::uint64_t first_ = 0;
  std::string bytes_;
  SalvageFindings findings_;
};

TEST_F(JournalSalvageTest, GivesAllOfAWholeFile) {
  const auto contents = salvage(bytes_);
  EXPECT_EQ(contents.lines.size(), originals_.size());
  EXPECT_EQ(contents.runs.size(), originals_.size());
  EXPECT_EQ(contents.refused.size(), kCommits);
  EXPECT_TRUE(findings_.damage.empty());
  EXPECT_FALSE(findings_.end_in_doubt);
  EXPECT_EQ(findings_.number, tests::sample_file_header().number);
}

TEST_F(JournalSalvageTest, AFlippedBitCostsTheCommitThatItIsInAtMost) {
  const std::size_t content = journal_.bytes().size();
  for (std::size_t at = 0; at < content; at += 7) {
    SCOPED_TRACE(at);
    const auto contents = salvage(flipped(bytes_, at));
    EXPECT_EQ(missing_but(contents, at, at + 1), "");
    EXPECT_TRUE(at < journal_.boundaries()[0] || !findings_.damage.empty());
    if (HasFailure()) return;
  }
}

TEST_F(JournalSalvageTest, AFlippedBitInAFrameCostsThatFrameAlone) {
  const std::uint64_t frame_end = journal_.boundaries()[3];
  const auto contents = salvage(flipped(bytes_, frame_end - 5));
  EXPECT_EQ(contents.lines.size(), originals_.size() - 3);
  EXPECT_FALSE(contents.lines.contains(first_ + 3 * kCommitEvents - 1));
  ASSERT_EQ(findings_.damage.size(), 1U);
  EXPECT_EQ(findings_.damage[0].offset + findings_.damage[0].bytes, frame_end);
}

TEST_F(JournalSalvageTest, ATruncatedFileGivesEveryWholeFrame) {
  for (std::size_t length = 0; length < journal_.bytes().size(); length += 7) {
    SCOPED_TRACE(length);
    const auto contents = salvage(bytes_.substr(0, length));
    EXPECT_EQ(missing_but(contents, length, bytes_.size()), "");
    if (HasFailure()) return;
  }
  const auto contents = salvage(bytes_.substr(0, journal_.boundaries()[1] - 1));
  EXPECT_EQ(contents.lines.size(), 3U) << "the first frame is whole";
  EXPECT_TRUE(findings_.end_in_doubt);
}

TEST_F(JournalSalvageTest, ZerosAndMissingBytesCostTheCommitsThatTheyAreIn) {
  for (std::size_t at = 0; at + 100 < journal_.bytes().size(); at += 37) {
    SCOPED_TRACE(at);
    EXPECT_EQ(missing_but(salvage(tests::zeroed(bytes_, at, 100)), at, at + 100), "");
    EXPECT_EQ(missing_but(salvage(tests::without(bytes_, at, 100)), at, at + 100), "");
    if (HasFailure()) return;
  }
}

TEST_F(JournalSalvageTest, ReadsOnWithoutAFileHeader) {
  const auto contents = salvage(tests::zeroed(bytes_, 0, journal_.boundaries()[0]));
  EXPECT_EQ(contents.lines.size(), originals_.size());
  EXPECT_FALSE(findings_.store);
  EXPECT_EQ(findings_.damage.size(), 1U);
  EXPECT_EQ(salvage(tests::without(bytes_, 0, journal_.boundaries()[0])).lines.size(),
            originals_.size());
}

TEST_F(JournalSalvageTest, GivesTheFramesOfALostHeaderOnDemandOnly) {
  const std::string bytes = flipped(bytes_, journal_.boundaries()[2] + 30);
  EXPECT_TRUE(salvage(bytes).unverified.empty());
  const auto contents = salvage(bytes, true);
  EXPECT_EQ(contents.lines.size(), originals_.size() - kCommitEvents);
  EXPECT_EQ(contents.unverified.size(), kCommitEvents);
}

TEST_F(JournalSalvageTest, AFileOfSomethingElseIsNoError) {
  for (const std::string& bytes :
       {std::string(), std::string(100'000, '\0'), std::string("text")}) {
    const auto contents = salvage(bytes);
    EXPECT_TRUE(contents.lines.empty());
    EXPECT_TRUE(findings_.end_in_doubt);
  }
}

}  // namespace
}  // namespace tally::store
