#include "store/journal/journal_scan.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/disk/field_codec.h"
#include "store/disk/sha256.h"
#include "store/journal/frame_decoder.h"
#include "store/journal/journal_format.h"
#include "tests/support/bytes_file.h"
#include "tests/support/journal_bytes.h"

namespace tally::store {
namespace {

using tests::BytesFile;
using tests::JournalBytes;
using tests::sample_event;
using tests::sample_file_header;

/// What a scan found, in short.
struct Found {
  std::vector<std::uint64_t> firsts;  ///< sequence of each commit's first event
  JournalTail tail;
};

class ScannedJournal : public testing::Test {
 protected:
  /// Three commits of one, three and two events.
  ScannedJournal() : journal_(sample_file_header()) {
    journal_.commit(std::vector{sample_event(1)});
    journal_.commit(std::vector{sample_event(2), sample_event(3), sample_event(4)});
    journal_.commit(std::vector{sample_event(5), sample_event(6)});
  }

  static JournalScan open(BytesFile& file, ScanOptions options = {}) {
    return JournalScan::open(file, "journal", options).value();
  }

  static Found scan(JournalScan& scan) {
    Found found;
    while (true) {
      const auto commit = scan.next().value();
      if (!commit) break;
      found.firsts.push_back(to_number(commit->header.first));
    }
    found.tail = scan.tail();
    return found;
  }

  static Found scan(std::string bytes, ScanOptions options = {}) {
    BytesFile file(std::move(bytes));
    JournalScan journal = open(file, options);
    return scan(journal);
  }

  std::uint64_t boundary(std::size_t index) const { return journal_.boundaries().at(index); }

  static std::string flipped(std::string bytes, std::uint64_t offset, int bit = 0) {
    bytes.at(offset) = static_cast<char>(bytes.at(offset) ^ (1 << bit));
    return bytes;
  }

  static RefusedEvent refused(const std::string& bytes) {
    RefusedEvent event;
    event.reason = "refused";
    event.bytes = bytes;
    event.length = bytes.size();
    return event;
  }

  JournalBytes journal_;
  const std::vector<std::uint64_t> all_{1000, 1001, 1004};
};

TEST_F(ScannedJournal, WalksAllCommitsUpToTheRest) {
  for (const std::size_t zeros : {0, 1, 7, 8, 100, 200'000}) {
    BytesFile file(journal_.finish(zeros));
    JournalScan journal = open(file);
    EXPECT_EQ(journal.header(), sample_file_header());
    const Found found = scan(journal);
    EXPECT_EQ(found.firsts, all_);
    EXPECT_EQ(found.tail.state, JournalTail::State::clean);
    EXPECT_EQ(found.tail.offset, boundary(3));
    EXPECT_TRUE(journal.rest_is_zero().value());
  }
}

TEST_F(ScannedJournal, SaysWhereEverythingIs) {
  BytesFile file(journal_.finish(64));
  JournalScan journal = open(file);
  FrameDecoder decoder;
  std::string lines;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto commit = journal.next().value();
    ASSERT_TRUE(commit);
    EXPECT_EQ(commit->offset, boundary(i));
    EXPECT_EQ(commit->end, boundary(i + 1));
    EXPECT_EQ(commit->frame_offsets, std::vector{commit->data_offset});
    EXPECT_EQ(journal.offset(), commit->end);
    const std::string_view stored = journal.read_frame(*commit, 0).value();
    const std::string_view text =
        decoder.decode(stored, commit->header.frames[0].lines_bytes).value();
    EXPECT_EQ(sha256_of(text), commit->header.frames[0].lines_sha256);
    lines += text;
  }
  EXPECT_EQ(lines, sample_event(1) + "\n" + sample_event(2) + "\n" + sample_event(3) + "\n" +
                       sample_event(4) + "\n" + sample_event(5) + "\n" + sample_event(6) + "\n");
}

TEST_F(ScannedJournal, EveryFlippedByteIsFoundOrHarmless) {
  const std::string good = journal_.finish(64);
  const std::uint64_t end = boundary(3);
  for (std::uint64_t offset = 0; offset < good.size(); ++offset) {
    SCOPED_TRACE(testing::Message() << "byte " << offset);
    BytesFile file(flipped(good, offset, static_cast<int>(offset % 8)));
    auto opened = JournalScan::open(file, "journal");
    if (offset < boundary(0)) {
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error().code, Errc::corruption);
      continue;
    }
    const Found found = scan(opened.value());
    std::size_t before = 0;
    while (before < 3 && boundary(before + 1) <= offset) ++before;
    EXPECT_EQ(found.firsts, std::vector(all_.begin(), all_.begin() + std::ptrdiff_t(before)));
    EXPECT_EQ(found.tail.offset, boundary(before));
    const bool in_zeros = offset >= end + kRestHeaderBytes;
    EXPECT_EQ(found.tail.state, in_zeros ? JournalTail::State::clean : JournalTail::State::bad);
    if (in_zeros) {
      EXPECT_FALSE(opened.value().rest_is_zero().value());
    }
  }
}

TEST_F(ScannedJournal, EveryTruncationLeavesWholeCommitsOnly) {
  const std::string good = journal_.finish(64);
  for (std::uint64_t length = 0; length < good.size(); ++length) {
    SCOPED_TRACE(testing::Message() << "cut at " << length);
    BytesFile file(good.substr(0, length));
    auto opened = JournalScan::open(file, "journal");
    ASSERT_EQ(opened.has_value(), length >= boundary(0));
    if (!opened) continue;
    const Found found = scan(opened.value());
    std::size_t whole = 0;
    while (whole < 3 && boundary(whole + 1) <= length) ++whole;
    EXPECT_EQ(found.firsts, std::vector(all_.begin(), all_.begin() + std::ptrdiff_t(whole)));
    const bool clean = length == boundary(whole);
    EXPECT_EQ(found.tail.state, clean ? JournalTail::State::clean : JournalTail::State::bad);
  }
}

TEST_F(ScannedJournal, WithoutCheckingFramesDamageShowsWhenOneIsRead) {
  BytesFile file(flipped(journal_.finish(0), boundary(3) - 1));
  JournalScan journal = open(file, {.check_frames = false});
  std::optional<Commit> last;
  for (int i = 0; i < 3; ++i) last = journal.next().value();
  ASSERT_TRUE(last);
  const auto frame = journal.read_frame(*last, 0);
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code, Errc::corruption);
}

TEST_F(ScannedJournal, FindsWhatIsWrittenAfterItReachedTheTail) {
  const std::string whole = journal_.finish(300);
  BytesFile file(whole.substr(0, boundary(1)) + encode_rest(whole.size() - boundary(1)));
  file.content.resize(whole.size());
  JournalScan journal = open(file);
  EXPECT_EQ(scan(journal).firsts, std::vector<std::uint64_t>{1000});
  EXPECT_EQ(journal.tail().state, JournalTail::State::clean);
  file.content.replace(0, boundary(2) - 1, whole.substr(0, boundary(2) - 1));
  EXPECT_FALSE(journal.next().value());
  EXPECT_EQ(journal.tail().state, JournalTail::State::bad);
  file.content = whole;
  EXPECT_EQ(scan(journal).firsts, (std::vector<std::uint64_t>{1001, 1004}));
}

TEST_F(ScannedJournal, WhatItReadAheadOfTheWriterIsReadAgain) {
  const std::string whole = journal_.finish(300);
  BytesFile file(whole.substr(0, boundary(1)) + encode_rest(whole.size() - boundary(1)));
  file.content.resize(whole.size());
  JournalScan journal = open(file);
  ASSERT_TRUE(journal.next().value());
  file.content = whole;
  EXPECT_EQ(scan(journal).firsts, (std::vector<std::uint64_t>{1001, 1004}));
}

TEST_F(ScannedJournal, FindsWhatAGrowingFileHasGained) {
  const std::string whole = journal_.finish(0);
  BytesFile file(whole.substr(0, boundary(1)));
  JournalScan journal = open(file);
  ASSERT_TRUE(journal.next().value());
  file.content = whole.substr(0, boundary(2));
  EXPECT_EQ(scan(journal).firsts, std::vector<std::uint64_t>{1001});
  file.content = whole;
  EXPECT_EQ(scan(journal).firsts, std::vector<std::uint64_t>{1004});
}

TEST_F(ScannedJournal, ACommitHasToContinueItsPredecessor) {
  const std::string whole = journal_.finish(0);
  const std::string without_second = whole.substr(0, boundary(1)) + whole.substr(boundary(2));
  const Found found = scan(without_second);
  EXPECT_EQ(found.firsts, std::vector<std::uint64_t>{1000});
  EXPECT_EQ(found.tail.state, JournalTail::State::bad);
  const std::string repeated = whole.substr(0, boundary(1)) + whole.substr(boundary(0));
  EXPECT_EQ(scan(repeated).firsts, std::vector<std::uint64_t>{1000});

  // The same sequence, but of another history.
  FileHeader other = sample_file_header();
  other.previous_core.fill(std::byte{1});
  JournalBytes history(other);
  history.commit(std::vector{sample_event(1)});
  const std::string mixed =
      history.bytes().substr(0, history.boundaries()[1]) + whole.substr(boundary(1));
  EXPECT_EQ(scan(mixed).firsts, std::vector<std::uint64_t>{1000});
}

TEST_F(ScannedJournal, SeekGoesOnWhereACommitBegins) {
  BytesFile file(journal_.finish(64));
  JournalScan journal = open(file);
  journal.seek(boundary(2));
  EXPECT_EQ(scan(journal).firsts, std::vector<std::uint64_t>{1004});
  journal.seek(boundary(0));
  EXPECT_EQ(scan(journal).firsts, all_);
}

TEST_F(ScannedJournal, ResyncFindsTheNextValidCommit) {
  for (std::uint64_t offset = boundary(1); offset < boundary(2); ++offset) {
    BytesFile file(flipped(journal_.finish(64), offset));
    JournalScan journal = open(file);
    EXPECT_EQ(scan(journal).firsts, std::vector<std::uint64_t>{1000});
    const auto commit = journal.resync(boundary(1) + 1, file.content.size()).value();
    ASSERT_TRUE(commit);
    EXPECT_EQ(commit->offset, boundary(2));
    EXPECT_EQ(scan(journal).tail.state, JournalTail::State::clean);
  }
}

TEST_F(ScannedJournal, ResyncStaysWithinItsBounds) {
  BytesFile file(flipped(journal_.finish(64), boundary(1)));
  JournalScan journal = open(file);
  scan(journal);
  EXPECT_FALSE(journal.resync(boundary(1), boundary(2)).value());
  EXPECT_FALSE(journal.resync(boundary(2) + 1, file.content.size()).value());
  EXPECT_EQ(journal.offset(), boundary(1));
  EXPECT_TRUE(journal.resync(boundary(2), boundary(2) + 1).value());
}

TEST_F(ScannedJournal, ResyncFindsACommitFarAwayAndAcrossPieces) {
  for (const std::size_t gap : {64 * 1024 - 3, 64 * 1024, 200'000}) {
    const std::string whole = journal_.finish(0);
    BytesFile file(whole.substr(0, boundary(1)) + std::string(gap, 'x') +
                   whole.substr(boundary(2)));
    JournalScan journal = open(file);
    scan(journal);
    const auto commit = journal.resync(boundary(1), file.content.size()).value();
    ASSERT_TRUE(commit);
    EXPECT_EQ(commit->offset, boundary(1) + gap);
  }
}

TEST_F(ScannedJournal, ResyncChecksFramesWhateverTheOptionsSay) {
  std::string bytes = flipped(journal_.finish(0), boundary(1));
  bytes = flipped(bytes, boundary(3) - 1);
  BytesFile file(bytes);
  JournalScan journal = open(file, {.check_frames = false});
  scan(journal);
  EXPECT_FALSE(journal.resync(boundary(1), bytes.size()).value());
}

TEST_F(ScannedJournal, ACommitForgedInsideARefusedEventDoesNotPass) {
  // What an attacker can know is everything but the salt. The bytes do not compress, so that they
  // stand in the file as they were sent.
  FileHeader guess = sample_file_header();
  guess.salt += 1;
  guess.first = Sequence{1006};
  JournalBytes forger(guess);
  forger.commit(std::vector{sample_event(666)});
  const std::string forged = forger.bytes().substr(forger.boundaries()[0]);
  Batch batch;
  batch.refused.push_back(refused(forged));
  journal_.commit(batch);
  journal_.commit(std::vector{sample_event(7)});
  const std::string good = journal_.finish(64);
  const std::size_t inside = good.find(forged.substr(0, 8), boundary(3));
  ASSERT_LT(inside, boundary(4)) << "zstd has hidden it: this test shows nothing";

  BytesFile file(flipped(good, boundary(3)));
  JournalScan journal = open(file);
  EXPECT_EQ(scan(journal).firsts, all_);
  const auto commit = journal.resync(boundary(3) + 1, good.size()).value();
  ASSERT_TRUE(commit);
  EXPECT_EQ(commit->offset, boundary(4));
}

TEST_F(ScannedJournal, RefusesCommitsOfANewerVersion) {
  std::string core;
  put_field(core, 0x01, "\x01");
  put_field(core, 0x7F, "");
  const std::string newer = tests::framed_commit(core, "", sample_file_header().salt);
  BytesFile file(journal_.finish(0) + newer);
  JournalScan journal = open(file);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(journal.next().value());
  const auto next = journal.next();
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, Errc::unsupported);
}

TEST_F(ScannedJournal, ReadsAHeaderThatIsLongerThanAPiece) {
  Batch batch;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    batch.refused.push_back(refused(sample_event(i)));
  }
  for (std::uint64_t i = 0; i < 200; ++i) {
    batch.frames.push_back(journal_.frame({sample_event(i), sample_event(i + 1)}));
  }
  batch.runs.resize(1);
  batch.runs[0].count = 400;
  journal_.commit(batch);
  ASSERT_GT(boundary(4) - boundary(3), 128U * 1024);
  BytesFile file(journal_.finish(0));
  JournalScan journal = open(file, {.keep_refused = true});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(journal.next().value());
  const auto commit = journal.next().value();
  ASSERT_TRUE(commit);
  EXPECT_EQ(commit->header.refused, batch.refused);
  EXPECT_EQ(commit->frame_offsets.size(), 200U);
  EXPECT_EQ(journal.read_frame(*commit, 199).value(), batch.frames[199].stored);
}

TEST_F(ScannedJournal, GivesUpASearchThatIsMadeToTakeForEver) {
  // Prefixes that are right, each of a header that claims half the file.
  const std::uint64_t salt = sample_file_header().salt;
  const std::string prefix =
      tests::framed_commit(std::string(500'000, 'x'), "", salt).substr(0, kCommitPrefixBytes);
  std::string bytes = journal_.finish(0);
  while (bytes.size() < 1'000'000) bytes += prefix;
  BytesFile file(bytes);
  JournalScan journal = open(file);
  EXPECT_EQ(scan(journal).firsts, all_);
  const auto found = journal.resync(boundary(3), bytes.size());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::corruption);
}

}  // namespace
}  // namespace tally::store
