#include "store/disk/sha256_hasher.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

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

TEST(Sha256Hasher, GivesTheValuesOfFips180) {
  Sha256Hasher hasher;
  EXPECT_EQ(hex(hasher.hash("abc")), kAbc);
  EXPECT_EQ(hex(hasher.hash("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256Hasher, HashesPartsAsOneAndStartsAnewEachTime) {
  Sha256Hasher hasher;
  const std::array<std::string_view, 4> parts{"a", "", "b", "c"};
  EXPECT_EQ(hex(hasher.hash(parts)), kAbc);
  EXPECT_EQ(hex(hasher.hash(parts)), kAbc);
}

TEST(Sha256Hasher, Moves) {
  Sha256Hasher first;
  Sha256Hasher second = std::move(first);
  EXPECT_EQ(hex(second.hash("abc")), kAbc);
}

}  // namespace
}  // namespace tally::store
