#include "store/disk/sha256.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "store/disk/sha256_piece.h"

namespace tally::store {
namespace {

std::string hex(const Sha256& hash) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : hash) {
    text.push_back(kDigits[std::to_integer<unsigned>(byte) >> 4]);
    text.push_back(kDigits[std::to_integer<unsigned>(byte) & 15]);
  }
  return text;
}

constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, GivesTheValuesOfFips180) {
  EXPECT_EQ(hex(sha256_of("abc")), kAbc);
  EXPECT_EQ(hex(sha256_of("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, HashesPartsAsOne) {
  const std::array<std::string_view, 4> parts{"a", "", "b", "c"};
  EXPECT_EQ(hex(sha256_of(parts)), kAbc);
}

TEST(Sha256Piece, HashesAnyLength) {
  Sha256Piece piece;
  std::string content;
  for (std::size_t length = 0; length < 4 * 64; ++length) {
    EXPECT_EQ(hex(piece.hash()), hex(sha256_of(content))) << length;
    content += static_cast<char>('a' + length % 26);
    piece.append({&content.back(), 1});
  }
}

TEST(Sha256Piece, KnowsNothingOfWhatWasCutOff) {
  Sha256Piece piece;
  piece.append(std::string(200, 'x'));
  EXPECT_EQ(piece.hash(), sha256_of(std::string(200, 'x')));
  piece.cut(1);
  piece.data()[0] = 'a';
  piece.append("bc");
  EXPECT_EQ(hex(piece.hash()), kAbc);
}

}  // namespace
}  // namespace tally::store
