#include "store/disk/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tally::store {
namespace {

/// RFC 3720, appendix B.4.
struct Vector {
  std::string bytes;
  std::uint32_t crc;
};

std::string counting(bool up) {
  std::string bytes;
  for (int i = 0; i < 32; ++i) bytes.push_back(static_cast<char>(up ? i : 31 - i));
  return bytes;
}

const Vector kVectors[] = {
    {"", 0},
    {"123456789", 0xE3069283},
    {std::string(32, '\0'), 0x8A9136AA},
    {std::string(32, '\xFF'), 0x62A8AB43},
    {counting(true), 0x46DD794E},
    {counting(false), 0x113FDB5C},
};

TEST(Crc32c, GivesTheValuesOfRfc3720) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(crc32c(vector.bytes), vector.crc) << vector.bytes.size();
  }
}

TEST(Crc32c, GoesOnFromASeed) {
  std::mt19937_64 random(1);
  std::string bytes(1000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  const std::uint32_t whole = crc32c(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const std::string_view view = bytes;
    EXPECT_EQ(crc32c(view.substr(cut), crc32c(view.substr(0, cut))), whole);
  }
}

}  // namespace
}  // namespace tally::store
