#include "store/disk/sha256.h"

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

TEST(Sha256, GivesTheValuesOfFips180) {
  EXPECT_EQ(hex(sha256_of("abc")), kAbc);
  EXPECT_EQ(hex(sha256_of("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, HashesPartsAsOne) {
  const std::array<std::string_view, 4> parts{"a", "", "b", "c"};
  EXPECT_EQ(hex(sha256_of(parts)), kAbc);
}

}  // namespace
}  // namespace tally::store
