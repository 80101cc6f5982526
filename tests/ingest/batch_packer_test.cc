#include "ingest/batch_packer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

#include "store/journal/frame_decoder.h"
#include "tests/support/store_harness.h"

namespace tally::ingest {
namespace {

class BatchPackerTest : public testing::Test {
 protected:
  void pack(std::string_view body, const BodyOrigin& origin) {
    ASSERT_TRUE(packer_.has_room(body.size()));
    const std::span<char> room = packer_.room(body.size());
    std::memcpy(room.data(), body.data(), body.size());
    packer_.add(validator_.validate(room, BodyForm::ndjson), origin);
  }

  std::string lines_of(const store::Batch& batch) {
    store::FrameDecoder decoder;
    std::string lines;
    for (const store::DataFrame& frame : batch.frames) {
      lines += decoder.decode(frame.stored, frame.lines_bytes).value();
    }
    return lines;
  }

  static BodyOrigin from(std::string source, int second = 1) {
    BodyOrigin origin;
    origin.source = std::move(source);
    origin.received = UtcTime{std::chrono::seconds{second}};
    return origin;
  }

  Validator validator_;
  store::FrameEncoder encoder_;
  BatchPacker packer_;
};

TEST_F(BatchPackerTest, BodiesBecomeOneFrameInTheirOrder) {
  std::string expected;
  for (std::uint64_t i = 0; i < 100; ++i) {
    // With and without the last line end.
    pack(tests::event_line(i) + (i % 2 == 0 ? "\n" : ""), from("127.0.0.1"));
    expected += tests::event_line(i) + "\n";
  }
  const store::Batch batch = packer_.take(encoder_);
  ASSERT_EQ(batch.frames.size(), 1U);
  EXPECT_EQ(batch.frames[0].count, 100U);
  EXPECT_EQ(lines_of(batch), expected);
  ASSERT_EQ(batch.runs.size(), 1U);
  EXPECT_EQ(batch.runs[0].count, 100U);
  EXPECT_TRUE(packer_.empty());
}

TEST_F(BatchPackerTest, EachChangeOfOriginBeginsARun) {
  pack(tests::event_line(1) + "\n" + tests::event_line(2), from("a"));
  pack(tests::event_line(3), from("b"));
  pack(tests::event_line(4), from("b"));
  pack(tests::event_line(5), from("a"));
  pack(tests::event_line(6), from("a", 2));
  const store::Batch batch = packer_.take(encoder_);
  ASSERT_EQ(batch.runs.size(), 4U);
  EXPECT_EQ(batch.runs[0].count, 2U);
  EXPECT_EQ(batch.runs[1].count, 2U);
  EXPECT_EQ(batch.runs[1].source, "b");
  EXPECT_EQ(batch.runs[2].count, 1U);
  EXPECT_EQ(batch.runs[3].received, UtcTime{std::chrono::seconds{2}});
  EXPECT_TRUE(is_consistent(batch));
}

TEST_F(BatchPackerTest, RefusedEventsComeAlongEvenAlone) {
  pack("{}", from("a"));
  EXPECT_FALSE(packer_.empty());
  const store::Batch batch = packer_.take(encoder_);
  EXPECT_TRUE(batch.frames.empty());
  EXPECT_TRUE(batch.runs.empty());
  ASSERT_EQ(batch.refused.size(), 1U);
  EXPECT_EQ(batch.refused[0].bytes, "{}");
  EXPECT_EQ(batch.refused[0].source, "a");
}

TEST_F(BatchPackerTest, HasRoomForAboutOneFrame) {
  const std::string body = tests::event_line(1) + "\n";
  std::size_t packed = 0;
  while (packer_.has_room(body.size())) {
    pack(body, from("a"));
    packed += body.size();
  }
  EXPECT_GE(packed, kFrameBytes);
  EXPECT_LE(packed, kFrameBytes + body.size());
  EXPECT_EQ(lines_of(packer_.take(encoder_)).size(), packed);
  EXPECT_TRUE(packer_.has_room(BatchPacker::kBodyBytesMax));
}

}  // namespace
}  // namespace tally::ingest
