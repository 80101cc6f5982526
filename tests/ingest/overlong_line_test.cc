#include "ingest/overlong_line.h"

#include <gtest/gtest.h>

#include "store/disk/sha256.h"

namespace tally::ingest {
namespace {

TEST(OverlongLine, IsTheSameInAnyPieces) {
  const std::string content = std::string(100'000, 'x') + "\r" + std::string(30'000, 'y');
  for (const std::size_t step : {1'000U, 100'001U, 100'002U, 131'072U, 1U << 20}) {
    for (const std::string end : {"\n", "\r\n"}) {
      const std::string text = content + end + "next";
      OverlongLine line(7);
      bool ended = false;
      for (std::size_t at = 0; !ended; at = line.next() - 7) {
        ASSERT_LT(at, text.size());
        ended = line.take(std::string_view(text).substr(at, step));
      }
      EXPECT_EQ(line.next(), 7 + content.size() + end.size());
      const store::RefusedEvent refused = line.finish();
      EXPECT_EQ(refused.offset, 7U);
      EXPECT_EQ(refused.length, content.size());
      EXPECT_EQ(refused.bytes, content.substr(0, store::kRefusedBytesMax));
      EXPECT_EQ(refused.sha256, store::sha256_of(content));
      EXPECT_EQ(refused.reason, "larger than 64 KiB (130001 bytes)");
    }
  }
}

}  // namespace
}  // namespace tally::ingest
