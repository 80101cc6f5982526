#include "store/segment/value_spelling.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <random>
#include <string>

namespace tally::store {
namespace {

std::string integer(std::int64_t value) {
  std::array<char, kNumberBytesMax> text;
  return {text.data(), write_integer(text.data(), value)};
}

std::string fixed(std::int64_t digits, unsigned scale) {
  std::array<char, kNumberBytesMax> text;
  return {text.data(), write_fixed(text.data(), digits, scale)};
}

std::string decimal(std::int64_t digits, unsigned scale) {
  std::array<char, kNumberBytesMax> text;
  return {text.data(), write_decimal(text.data(), digits, scale)};
}

TEST(ValueSpelling, IntegersHaveOneSpelling) {
  for (const char* const text :
       {"0", "7", "-1", "10", "123456789012345678", "-123456789012345678"}) {
    const auto value = read_integer(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(integer(*value), text);
  }
  for (const char* const text : {"", "-", "-0", "00", "007", "+1", "1.0", "1e5", " 1", "0x10",
                                 "1234567890123456789", "1-"}) {
    EXPECT_FALSE(read_integer(text)) << text;
  }
}

TEST(ValueSpelling, WritesEveryNumberWithoutOverrunningItsRoom) {
  for (const std::int64_t value :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(integer(value), std::to_string(value));
    for (unsigned scale = 1; scale <= kDigitsMax; ++scale) {
      EXPECT_EQ(fixed(value, scale).size(), std::to_string(value).size() + 1);
      EXPECT_LE(decimal(value, scale).size(), fixed(value, scale).size());
    }
  }
}

TEST(ValueSpelling, DecimalsHaveOneSpellingPerScale) {
  struct Case {
    const char* text;
    Decimal decimal;
  };
  for (const Case& expected :
       {Case{"0.5", {5, 1, false}}, Case{"12.25", {1225, 2, false}}, Case{"-0.05", {-5, 2, false}},
        Case{"3.0", {30, 1, false}}, Case{"1.50", {150, 2, true}}, Case{"0.00", {0, 2, true}}}) {
    const auto read = read_decimal(expected.text);
    ASSERT_TRUE(read) << expected.text;
    EXPECT_EQ(*read, expected.decimal) << expected.text;
    EXPECT_EQ(fixed(read->digits, read->scale), expected.text);
    if (!read->ends_in_zero) {
      EXPECT_EQ(decimal(*rescaled(*read, 7), 7), expected.text);
    }
  }
  for (const char* const text : {"", ".", "1.", ".5", "-.5", "1", "-0.0", "01.5", "1.5e3", "1.2.3",
                                 "12345678901234567.89", "+1.5"}) {
    EXPECT_FALSE(read_decimal(text)) << text;
  }
}

TEST(ValueSpelling, RescalesOnlyWhatFits) {
  EXPECT_EQ(rescaled({15, 1, false}, 3), 1500);
  EXPECT_FALSE(rescaled({15, 2, false}, 1));
  EXPECT_FALSE(rescaled({123'456'789'012'345'678, 1, false}, 2));
  EXPECT_FALSE(rescaled({1, 1, false}, 19));
}

TEST(ValueSpelling, HexAndUuidsGiveTheirTextBack) {
  std::mt19937_64 random(1);
  for (const HexCase letters : {HexCase::lower, HexCase::upper}) {
    for (std::size_t length = 1; length <= 64; ++length) {
      std::string bytes;
      while (bytes.size() < length) bytes.push_back(static_cast<char>(random()));
      std::string text(2 * length, '\0');
      EXPECT_EQ(write_hex(text.data(), bytes, letters), text.data() + text.size());
      EXPECT_TRUE(is_hex(text, letters)) << text;
      std::string again;
      append_hex_bytes(again, text);
      EXPECT_EQ(again, bytes);
    }
  }
  EXPECT_FALSE(is_hex("aB", HexCase::lower));
  EXPECT_FALSE(is_hex("aB", HexCase::upper));
  EXPECT_FALSE(is_hex("abc", HexCase::lower));
  EXPECT_FALSE(is_hex("0g", HexCase::lower));

  const std::string uuid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
  ASSERT_TRUE(is_uuid(uuid));
  std::string bytes;
  append_uuid_bytes(bytes, uuid);
  ASSERT_EQ(bytes.size(), kUuidBytes);
  std::array<char, kUuidLength> text;
  EXPECT_EQ(write_uuid(text.data(), bytes), text.data() + text.size());
  EXPECT_EQ(std::string(text.data(), text.size()), uuid);
  EXPECT_FALSE(is_uuid("f81d4fae-7dec-11d0-a765-00a0c91e6bf"));
  EXPECT_FALSE(is_uuid("f81d4fae+7dec-11d0-a765-00a0c91e6bf6"));
  EXPECT_FALSE(is_uuid("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"));
}

}  // namespace
}  // namespace tally::store
