#include "store/journal/frame_encoder.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <string>

#include "store/disk/sha256.h"
#include "store/journal/frame_decoder.h"
#include "tests/support/journal_bytes.h"

namespace tally::store {
namespace {

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += tests::sample_event(static_cast<std::uint64_t>(i)) + "\n";
  }
  return text;
}

TEST(FrameEncoder, WritesAFrameThatSaysWhatItHolds) {
  FrameEncoder encoder;
  for (const int count : {1, 3, 1000, 2}) {
    const std::string text = lines(count);
    const DataFrame frame = encoder.encode(text, static_cast<std::uint32_t>(count));
    EXPECT_EQ(frame.count, static_cast<std::uint32_t>(count));
    EXPECT_EQ(frame.lines_bytes, text.size());
    EXPECT_EQ(frame.lines_sha256, sha256_of(text));
    EXPECT_EQ(ZSTD_getFrameContentSize(frame.stored.data(), frame.stored.size()), text.size());
    EXPECT_LT(frame.stored.size(), text.size());
    FrameDecoder decoder;
    EXPECT_EQ(decoder.decode(frame.stored, frame.lines_bytes).value(), text);
  }
}

TEST(FrameEncoder, HoldsNoMoreMemoryThanTheFrameNeeds) {
  FrameEncoder encoder;
  const DataFrame frame = encoder.encode(lines(1000), 1000);
  EXPECT_EQ(frame.stored.capacity(), frame.stored.size());
}

TEST(FrameEncoder, TheLargestFrameThatDoesNotCompressIsStillAccepted) {
  std::string text(kFrameLinesMax, '\n');
  std::uint64_t state = 1;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    text[i] = static_cast<char>(state >> 56);
  }
  FrameEncoder encoder;
  const DataFrame frame = encoder.encode(text, 1);
  FrameDecoder decoder;
  EXPECT_EQ(decoder.decode(frame.stored, frame.lines_bytes).value(), text);
}

}  // namespace
}  // namespace tally::store
