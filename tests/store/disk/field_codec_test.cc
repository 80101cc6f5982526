#include "store/disk/field_codec.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>

namespace tally::store {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(FieldCodec, VarintsRoundTripAtEveryLength) {
  for (unsigned bits = 0; bits <= 64; ++bits) {
    const std::uint64_t value = bits == 0 ? 0 : kMax >> (64 - bits);
    std::string bytes;
    put_varint(bytes, value);
    EXPECT_EQ(bytes.size(), bits == 0 ? 1 : (bits + 6) / 7) << bits;
    ByteReader in(bytes);
    EXPECT_EQ(in.varint(), value);
    EXPECT_TRUE(in.at_end());
    EXPECT_FALSE(in.failed());
  }
}

TEST(FieldCodec, ZigzagsRoundTrip) {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1}, std::int64_t{-64},
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    std::string bytes;
    put_zigzag(bytes, value);
    ByteReader in(bytes);
    EXPECT_EQ(in.zigzag(), value);
    EXPECT_FALSE(in.failed());
  }
}

TEST(FieldCodec, FixedNumbersAreLittleEndian) {
  std::string bytes;
  put_fixed32(bytes, 0x04030201);
  put_fixed64(bytes, 0x0C0B0A0908070605);
  EXPECT_EQ(bytes, std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C"));
  ByteReader in(bytes);
  EXPECT_EQ(in.fixed32(), 0x04030201U);
  EXPECT_EQ(in.fixed64(), 0x0C0B0A0908070605U);
}

TEST(ByteReader, RefusesVarintsThatAreNotTheShortestOrTooLong) {
  for (const std::string_view bytes :
       {std::string_view("\x80\x00", 2), std::string_view("\x80", 1), std::string_view("", 0),
        std::string_view("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10),
        std::string_view("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11)}) {
    ByteReader in(bytes);
    EXPECT_EQ(in.varint(), 0U);
    EXPECT_TRUE(in.failed());
  }
}

TEST(ByteReader, RefusesATextThatIsLongerThanItsBytesOrItsLimit) {
  ByteReader beyond(
      std::string_view("\x05"
                       "abcd"));
  EXPECT_EQ(beyond.text(100), "");
  EXPECT_TRUE(beyond.failed());
  ByteReader limited(
      std::string_view("\x04"
                       "abcd"));
  EXPECT_EQ(limited.text(3), "");
  EXPECT_TRUE(limited.failed());
  ByteReader good(
      std::string_view("\x04"
                       "abcd"));
  EXPECT_EQ(good.text(4), "abcd");
  EXPECT_FALSE(good.failed());
}

TEST(ByteReader, StaysFailed) {
  ByteReader in("abc");
  in.fixed32();
  EXPECT_TRUE(in.failed());
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(in.byte(), 0);
  EXPECT_TRUE(in.failed());
}

TEST(FieldReader, GivesFieldsInOrder) {
  std::string bytes;
  put_field(bytes, 1, "one");
  put_field(bytes, 0x80, "");
  FieldReader fields(bytes, "test");
  const Field first = *fields.next().value();
  EXPECT_EQ(first.type, 1);
  EXPECT_EQ(first.value, "one");
  EXPECT_EQ(fields.next().value()->type, 0x80);
  EXPECT_FALSE(fields.next().value());
  EXPECT_TRUE(fields.require(std::array<std::uint8_t, 2>{1, 0x80}));
  EXPECT_FALSE(fields.require(std::array<std::uint8_t, 1>{2}));
}

TEST(FieldReader, RefusesAFieldThatRepeatsOrGoesBack) {
  for (const std::uint8_t second : {std::uint8_t{1}, std::uint8_t{2}}) {
    std::string bytes;
    put_field(bytes, 2, "");
    put_field(bytes, second, "");
    FieldReader fields(bytes, "test");
    ASSERT_TRUE(fields.next());
    const auto next = fields.next();
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, Errc::corruption);
  }
}

TEST(FieldReader, RefusesAFieldLongerThanWhatIsThere) {
  FieldReader fields(std::string_view("\x01\x7F"
                                      "abc"),
                     "test");
  const auto next = fields.next();
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, Errc::corruption);
}

TEST(FieldReader, PassesOverUnknownFieldsThatMayBeIgnoredOnly) {
  const FieldReader fields("", "test");
  EXPECT_TRUE(fields.unknown(kIgnorableFields));
  const auto critical = fields.unknown(kIgnorableFields - 1);
  ASSERT_FALSE(critical);
  EXPECT_EQ(critical.error().code, Errc::unsupported);
}

}  // namespace
}  // namespace tally::store
