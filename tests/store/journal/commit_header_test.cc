#include "store/journal/commit_header.h"

#include <gtest/gtest.h>

#include <random>

#include "store/disk/field_codec.h"
#include "store/disk/sha256.h"
#include "store/journal/commit_core.h"
#include "store/journal/journal_format.h"
#include "tests/support/journal_bytes.h"
#include "tests/support/random_journal.h"

namespace tally::store {
namespace {

using tests::framed_commit;
using tests::RandomJournal;

constexpr std::uint64_t kSalt = 0xFEDCBA9876543210;

/// What stands between the prefix and the CRC, taken apart.
struct Body {
  std::string core;
  std::string attachments;
};

Body body_of(std::string_view header) {
  const std::size_t core_bytes = get_fixed32(header.data() + 12);
  return {std::string(header.substr(kCommitPrefixBytes, core_bytes)),
          std::string(header.substr(kCommitPrefixBytes + core_bytes,
                                    header.size() - kCommitPrefixBytes - core_bytes - kCrcBytes))};
}

CommitHeader sample_header() { return RandomJournal(7).commit_header(); }

std::string encoded(const CommitHeader& header) {
  CommitEncoder encoder;
  return std::string(encoder.encode(header, kSalt).value().bytes);
}

Result<DecodedCommit> decoded(std::string_view bytes, std::uint64_t salt = kSalt) {
  CommitDecoder decoder;
  return decoder.decode(bytes, salt);
}

Errc code_of(std::string_view bytes, std::uint64_t salt = kSalt) {
  const auto commit = decoded(bytes, salt);
  EXPECT_FALSE(commit);
  return commit ? Errc::invalid : commit.error().code;
}

TEST(CommitHeader, RandomOnesRoundTrip) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RandomJournal random(seed);
  CommitEncoder encoder;
  CommitDecoder decoder;
  for (int i = 0; i < 300; ++i) {
    const CommitHeader header = random.commit_header();
    const EncodedCommit commit = encoder.encode(header, kSalt).value();
    EXPECT_EQ(decode_commit_prefix(commit.bytes, kSalt).value().header_bytes, commit.bytes.size());
    const auto back = decoder.decode(commit.bytes, kSalt);
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_EQ(back.value().header, header);
    EXPECT_EQ(back.value().core_hash, commit.core_hash);
  }
}

TEST(CommitHeader, HoldsNoEventsAtAll) {
  CommitHeader header;
  header.first = kFirstSequence;
  header.checkpoints = {{"source", "state"}};
  EXPECT_EQ(decoded(encoded(header)).value().header, header);
}

TEST(CommitHeader, EveryFlippedBitIsCorruption) {
  const std::string good = encoded(sample_header());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(code_of(bad), Errc::corruption) << bit;
  }
}

TEST(CommitHeader, EveryOtherLengthIsCorruption) {
  const std::string good = encoded(sample_header());
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(code_of(good.substr(0, length)), Errc::corruption) << length;
  }
  EXPECT_EQ(code_of(good + "x"), Errc::corruption);
}

TEST(CommitHeader, BothCrcsStartFromTheSalt) {
  const std::string good = encoded(sample_header());
  EXPECT_EQ(code_of(good, kSalt + 1), Errc::corruption);
  // The prefix made right for the other salt: the body must not pass on its own.
  const Body body = body_of(good);
  std::string forged = framed_commit(body.core, body.attachments, kSalt + 1);
  EXPECT_TRUE(decoded(forged, kSalt + 1));
  forged.replace(kCommitPrefixBytes, std::string::npos, good.substr(kCommitPrefixBytes));
  EXPECT_EQ(code_of(forged, kSalt + 1), Errc::corruption);
}

TEST(CommitHeader, FramingIsAsTheFormatPageSays) {
  const std::string good = encoded(sample_header());
  const Body body = body_of(good);
  EXPECT_EQ(framed_commit(body.core, body.attachments, kSalt), good);
}

TEST(CommitHeader, TheHashCoversTheCoreAndNothingElse) {
  CommitHeader header = sample_header();
  CommitEncoder encoder;
  const Sha256 hash = encoder.encode(header, kSalt).value().core_hash;
  std::string core;
  put_core(core, header);
  EXPECT_EQ(hash, sha256_of(core));
  header.checkpoints.push_back({"another", "checkpoint"});
  EXPECT_EQ(encoder.encode(header, kSalt + 1).value().core_hash, hash);
  header.first = advance(header.first, 1);
  EXPECT_NE(encoder.encode(header, kSalt).value().core_hash, hash);
}

TEST(CommitHeader, UnknownFieldsAreRefusedOrPassedOver) {
  const CommitHeader header = sample_header();
  const Body body = body_of(encoded(header));
  const auto with = [](std::string fields, std::uint8_t type) {
    put_field(fields, type, "new");
    return fields;
  };
  EXPECT_EQ(code_of(framed_commit(with(body.core, 0x7F), body.attachments, kSalt)),
            Errc::unsupported);
  EXPECT_EQ(code_of(framed_commit(body.core, with(body.attachments, 0x7F), kSalt)),
            Errc::unsupported);
  const std::string core = with(body.core, 0x80);
  const auto newer = decoded(framed_commit(core, with(body.attachments, 0xFF), kSalt));
  EXPECT_EQ(newer.value().header, header);
  EXPECT_EQ(newer.value().core_hash, sha256_of(core));
}

TEST(CommitHeader, AnotherVersionIsUnsupported) {
  const Body body = body_of(encoded(sample_header()));
  EXPECT_EQ(code_of(framed_commit(body.core, body.attachments, kSalt, kJournalVersion + 1)),
            Errc::unsupported);
}

TEST(CommitHeader, RefusedEventsStayPackedOnRequest) {
  CommitHeader header;
  header.first = kFirstSequence;
  RefusedEvent& event = header.refused.emplace_back();
  event.reason = "service is missing";
  event.bytes = "{}";
  event.length = 2;
  const std::string bytes = encoded(header);
  EXPECT_EQ(decoded(bytes).value().header.refused, header.refused);
  CommitDecoder decoder;
  decoder.keep_refused(false);
  EXPECT_TRUE(decoder.decode(bytes, kSalt).value().header.refused.empty());
}

TEST(CommitHeader, ManySmallRequestsShareTheirNames) {
  CommitHeader header;
  header.first = kFirstSequence;
  header.frames.push_back({1000, 100'000, {}});
  header.stored.push_back({1000, 0});
  for (int i = 0; i < 1000; ++i) {
    tally::Run& run = header.runs.emplace_back();
    run.count = 1;
    run.received = UtcTime{std::chrono::hours{24 * 365 * 56}};
    run.source = i % 2 == 0 ? "192.0.2.1" : "192.0.2.2";
    run.client = "container-engine";
  }
  EXPECT_LT(encoded(header).size(), 1000U * 8);
}

}  // namespace
}  // namespace tally::store
