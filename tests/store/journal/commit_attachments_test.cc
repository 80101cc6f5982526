#include "store/journal/commit_attachments.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include "store/disk/field_codec.h"
#include "store/journal/commit_core.h"
#include "store/journal/journal_format.h"
#include "tests/support/journal_bytes.h"

namespace tally::store {
namespace {

std::string field(AttachmentField type, std::string_view value) {
  std::string out;
  put_field(out, static_cast<std::uint8_t>(type), value);
  return out;
}

bool read(const std::string& attachments) {
  CommitHeader header;
  const auto result = read_attachments(attachments, true, header);
  if (!result) {
    EXPECT_EQ(result.error().code, Errc::corruption);
  }
  return result.has_value();
}

std::string compressed(const std::string& content) {
  std::string frame(ZSTD_compressBound(content.size()), '\0');
  frame.resize(ZSTD_compress(frame.data(), frame.size(), content.data(), content.size(), 1));
  return frame;
}

TEST(CommitAttachments, StoredFramesHaveALengthWithinTheLimit) {
  const auto stored = [](std::uint64_t bytes) {
    std::string value;
    put_varint(value, bytes);
    put_fixed32(value, 0);
    return field(AttachmentField::stored, value);
  };
  EXPECT_TRUE(read(stored(1)));
  EXPECT_TRUE(read(stored(kFrameStoredMax)));
  EXPECT_FALSE(read(stored(0)));
  EXPECT_FALSE(read(stored(kFrameStoredMax + 1)));
}

TEST(CommitAttachments, AFewBytesDoNotUnpackToMoreThanTheLimit) {
  EXPECT_FALSE(read(
      field(AttachmentField::refused, compressed(std::string(kCommitRefusedBytesMax + 1, '\0')))));
  // A frame that does not say how long its content is.
  const std::string frame = compressed("x");
  std::string unknown = std::string("\x28\xB5\x2F\xFD\x00\x58", 6) + frame.substr(6);
  EXPECT_FALSE(read(field(AttachmentField::refused, unknown)));
  EXPECT_FALSE(read(field(AttachmentField::refused, "no frame")));
  EXPECT_FALSE(read(field(AttachmentField::refused, "")));
}

TEST(CommitAttachments, CountsEndAtTheirLimits) {
  const std::string checkpoints(2 * kCommitCheckpointsMax, '\0');  // Two empty texts each.
  EXPECT_TRUE(read(field(AttachmentField::checkpoints, checkpoints)));
  EXPECT_FALSE(read(field(AttachmentField::checkpoints, checkpoints + std::string(2, '\0'))));
  EXPECT_FALSE(read(field(AttachmentField::checkpoints, std::string(3, '\0'))));
  const std::string key(1 + 32 + 32 + 3, '\0');
  std::string keys;
  for (std::size_t i = 0; i < kCommitKeysMax; ++i) keys += key;
  EXPECT_TRUE(read(field(AttachmentField::keys, keys)));
  EXPECT_FALSE(read(field(AttachmentField::keys, keys + key)));
}

/// The header around it is right in all but how its parts go together.
TEST(CommitAttachments, PartsHaveToAgree) {
  RefusedPacker packer;
  CommitHeader good;
  good.first = kFirstSequence;
  good.runs.resize(1);
  good.runs[0].count = 3;
  good.frames = {{3, 30, {}}};
  good.stored = {{10, 0}};
  good.keys.resize(1);
  good.keys[0].first_event = 1;
  good.keys[0].count = 2;
  const auto accepted = [&packer](const CommitHeader& header) {
    std::string core;
    std::string attachments;
    put_core(core, header);
    put_attachments(attachments, header, packer);
    CommitDecoder decoder;
    return decoder.decode(tests::framed_commit(core, attachments, 1), 1).has_value();
  };
  EXPECT_TRUE(accepted(good));
  CommitHeader bad = good;
  bad.runs[0].count = 2;
  EXPECT_FALSE(accepted(bad));
  bad = good;
  bad.stored.push_back({10, 0});
  EXPECT_FALSE(accepted(bad));
  bad = good;
  bad.keys[0].count = 3;
  EXPECT_FALSE(accepted(bad));
  bad = good;
  bad.first = Sequence{0};
  EXPECT_FALSE(accepted(bad));
  bad.first = Sequence{~std::uint64_t{0} - 1};
  EXPECT_FALSE(accepted(bad));
}

}  // namespace
}  // namespace tally::store
