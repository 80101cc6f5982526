#include "store/segment/text_hash.h"

#include <gtest/gtest.h>

#include <bit>
#include <string>

namespace tally::store {
namespace {

/// As docs/format/segment.md defines it, a byte at a time.
std::uint64_t defined_hash(const std::string& text) {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = text.size() * kMultiplier;
  for (std::size_t begin = 0; begin <= text.size(); begin += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = begin; i < begin + 8 && i < text.size(); ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(text[i])} << 8 * (i - begin);
    }
    hash = std::rotl((hash ^ word) * kMultiplier, 29);
  }
  return mixed(hash);
}

// It is on disk: a segment's filter would not find what it was made of.
TEST(TextHash, IsWhatTheFormatSaysAtEveryLength) {
  std::string text;
  for (int length = 0; length <= 70; ++length) {
    EXPECT_EQ(text_hash(text), defined_hash(text)) << length;
    text.push_back(static_cast<char>(0x9D * (length + 1)));
  }
}

}  // namespace
}  // namespace tally::store
