#include "store/disk/zstd_stream.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "store/journal/frame_encoder.h"

namespace tally::store {
namespace {

const std::string kSkipped("\x5f\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);

std::string frame_of(const std::string& lines) { return FrameEncoder().encode(lines, 1).stored; }

// Feeds `in` in pieces of `step` bytes and takes the output out in pieces of 7.
Result<std::string> decode(ZstdStream& stream, std::string_view in, std::size_t step) {
  std::string all;
  std::array<char, 7> out{};
  while (!in.empty()) {
    std::string_view piece = in.substr(0, step);
    in.remove_prefix(piece.size());
    for (;;) {
      TALLY_TRY(const auto progress, stream.decode(piece, out));
      piece.remove_prefix(progress.read);
      all.append(out.data(), progress.written);
      if (piece.empty() && progress.written == 0) break;
    }
  }
  return all;
}

TEST(ZstdStream, FramesFollowOneAnother) {
  const std::string input = kSkipped + frame_of("one\n") + kSkipped + frame_of("two and more\n");
  for (std::size_t step = 1; step <= input.size(); ++step) {
    ZstdStream stream;
    EXPECT_EQ(decode(stream, input, step).value(), "one\ntwo and more\n") << step;
    EXPECT_TRUE(stream.at_frame_end()) << step;
  }
}

TEST(ZstdStream, EveryCutIsNoticed) {
  const std::string input = frame_of("a line that is long enough to be cut\n");
  for (std::size_t length = 1; length < input.size(); ++length) {
    ZstdStream stream;
    ASSERT_TRUE(decode(stream, input.substr(0, length), 4096));
    EXPECT_FALSE(stream.at_frame_end()) << length;
  }
}

TEST(ZstdStream, WhatIsNoZstdIsCorruption) {
  ZstdStream stream;
  EXPECT_EQ(decode(stream, "this is text", 4096).error().code, Errc::corruption);
}

TEST(ZstdStream, NoInputIsFine) {
  ZstdStream stream;
  EXPECT_EQ(decode(stream, "", 1).value(), "");
  EXPECT_TRUE(stream.at_frame_end());
}

}  // namespace
}  // namespace tally::store
