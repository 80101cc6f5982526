#include "store/journal/frame_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "store/cursor.h"
#include "store/journal/frame_encoder.h"
#include "tests/support/journal_bytes.h"

namespace tally::store {
namespace {

DataFrame sample_frame() { return FrameEncoder().encode(tests::sample_event(1) + "\n", 1); }

TEST(FrameDecoder, GivesTheLinesWithReadablePadding) {
  const DataFrame frame = sample_frame();
  FrameDecoder decoder;
  const std::string_view lines = decoder.decode(frame.stored, frame.lines_bytes).value();
  EXPECT_EQ(lines, tests::sample_event(1) + "\n");
  // The address sanitizer says if it is not there.
  const std::string_view padded(lines.data(), lines.size() + kChunkPadding);
  EXPECT_EQ(std::count(padded.begin(), padded.end(), '\n'), 1);
}

TEST(FrameDecoder, RefusesAnotherLengthThanTheFrames) {
  const DataFrame frame = sample_frame();
  FrameDecoder decoder;
  for (const std::uint32_t length : {0U, frame.lines_bytes - 1, frame.lines_bytes + 1, ~0U}) {
    const auto lines = decoder.decode(frame.stored, length);
    ASSERT_FALSE(lines);
    EXPECT_EQ(lines.error().code, Errc::corruption);
  }
}

TEST(FrameDecoder, RefusesWhatIsNotExactlyOneFrame) {
  const DataFrame frame = sample_frame();
  const std::string empty_frame("\x28\xB5\x2F\xFD\x20\x00\x01\x00\x00", 9);
  FrameDecoder decoder;
  for (const std::string& stored :
       {std::string(), frame.stored + "x", frame.stored + empty_frame,
        frame.stored.substr(0, frame.stored.size() - 1), std::string("no frame at all")}) {
    EXPECT_FALSE(decoder.decode(stored, frame.lines_bytes)) << stored.size();
  }
  EXPECT_TRUE(decoder.decode(frame.stored, frame.lines_bytes));
}

}  // namespace
}  // namespace tally::store
