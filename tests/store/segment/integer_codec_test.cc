#include "store/segment/integer_codec.h"

#include <gtest/gtest.h>

#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace tally::store {
namespace {

using Values = std::vector<std::int64_t>;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::string encoded(const Values& values) {
  BytesPacker packer;
  std::string out;
  IntegerEncoder(packer).encode(out, values);
  return out;
}

Values decoded(const std::string& bytes, std::size_t count) {
  BytesUnpacker unpacker;
  IntegerDecoder decoder(unpacker);
  const std::string padded = bytes + std::string(8, '\0');
  ByteReader in(std::string_view(padded).substr(0, bytes.size()));
  Values values;
  decoder.decode(in, count, values);
  EXPECT_TRUE(in.at_end());
  return values;
}

void expect_same(const Values& values) {
  EXPECT_EQ(decoded(encoded(values), values.size()), values);
}

TEST(IntegerCodec, GivesBackListsAtTheEdges) {
  expect_same({});
  expect_same({0});
  expect_same({kLeast, kMost});
  expect_same({kLeast, kLeast + 1, kLeast + 2});
  expect_same({kMost, kMost - 4, 0});
  expect_same({kLeast, 0, 0});
  expect_same({-1, 1, -1, 1});
  expect_same({63, 64, 65, 127, 128, 255, 256, (std::int64_t{1} << 54) - 1});
  expect_same({0, std::int64_t{1} << 54});
  expect_same({4096, 8192, -4096, 0});
}

TEST(IntegerCodec, GivesBackRandomListsOfAnyMagnitude) {
  std::mt19937_64 random(20260124);
  for (int round = 0; round < 300; ++round) {
    const unsigned shift = random() % 64;
    const std::int64_t unit =
        random() % 3 == 0 ? static_cast<std::int64_t>(1 + random() % 5000) : 1;
    const std::int64_t base = random() % 2 == 0 ? 0 : static_cast<std::int64_t>(random() >> 20);
    Values values;
    const std::size_t count = 1 + random() % 300;
    while (values.size() < count) {
      std::int64_t value = static_cast<std::int64_t>(random()) >> shift;
      if (shift > 14) value = value * unit + base;
      values.push_back(value);
    }
    expect_same(values);
  }
}

/// Codes, measurements, constants, numbers too large for buckets: each way of storing a list.
Values some_list(std::mt19937_64& random) {
  constexpr unsigned kBits[] = {0, 1, 6, 8, 13, 40, 62};
  const unsigned bits = kBits[random() % std::size(kBits)];
  Values values(1 + random() % 400);
  for (std::int64_t& value : values) {
    value = static_cast<std::int64_t>(random() & ((std::uint64_t{1} << bits) - 1));
  }
  return values;
}

TEST(IntegerCodec, GivesSomeOfAList) {
  std::mt19937_64 random(20261128);
  for (int round = 0; round < 300; ++round) {
    const Values values = some_list(random);
    std::vector<std::uint32_t> indexes;
    Values expected;
    for (std::uint32_t i = 0; i < values.size(); ++i) {
      if (random() % (1 + round % 40) != 0) continue;
      indexes.push_back(i);
      expected.push_back(values[i]);
    }
    const std::string bytes = encoded(values);
    const std::string padded = bytes + std::string(8, '\0');
    ByteReader in(std::string_view(padded).substr(0, bytes.size()));
    BytesUnpacker unpacker;
    Values some;
    IntegerDecoder(unpacker).decode_at(in, values.size(), indexes, some);
    EXPECT_EQ(some, expected);
    EXPECT_TRUE(in.at_end());
  }
}

TEST(IntegerCodec, FindsWhereANumberIsOrDoesNotTell) {
  std::mt19937_64 random(20261129);
  int told = 0;
  for (int round = 0; round < 300; ++round) {
    const Values values = some_list(random);
    const std::int64_t wanted = values[random() % values.size()] + static_cast<int>(random() % 2);
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < values.size(); ++i) {
      if (values[i] == wanted) expected.push_back(i);
    }
    const std::string bytes = encoded(values);
    const std::string padded = bytes + std::string(8, '\0');
    ByteReader in(std::string_view(padded).substr(0, bytes.size()));
    BytesUnpacker unpacker;
    const auto found = IntegerDecoder(unpacker).find(in, wanted, values.size());
    if (!found) continue;
    ++told;
    EXPECT_EQ(*found, expected);
  }
  EXPECT_GT(told, 100);
}

TEST(IntegerCodec, SpendsLittleOnWhatSaysLittle) {
  EXPECT_LT(encoded(Values(16'000, 1'769'205'309)).size(), 12U);
  std::mt19937_64 random(1);
  Values pages;
  while (pages.size() < 16'000) pages.push_back(static_cast<std::int64_t>(4096 * (random() % 200)));
  EXPECT_LT(encoded(pages).size(), 16'100U);  // What the divisor leaves is a byte each.
}

TEST(IntegerCodec, RefusesWhatIsCutShort) {
  Values values;
  for (int i = 0; i < 1000; ++i) values.push_back(i * i * 7);
  const std::string bytes = encoded(values);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    BytesUnpacker unpacker;
    const std::string cut = bytes.substr(0, length) + std::string(8, '\0');
    ByteReader in(std::string_view(cut).substr(0, length));
    Values out;
    IntegerDecoder(unpacker).decode(in, values.size(), out);
    EXPECT_TRUE(in.failed()) << length;
  }
}

TEST(TimeCodec, GivesTimesBack) {
  std::mt19937_64 random(2);
  for (const std::int64_t unit :
       {std::int64_t{1}, std::int64_t{1000}, std::int64_t{1'000'000'000}}) {
    Values times;
    std::int64_t clock = 1'769'205'300'000'000'000;
    while (times.size() < 2000) {
      clock += static_cast<std::int64_t>(random() % 20'000) * unit;
      times.push_back(clock - static_cast<std::int64_t>(random() % 80'000) * unit);
    }
    times.push_back(kLeast);
    times.push_back(kMost);
    BytesPacker packer;
    IntegerEncoder encoder(packer);
    std::string bytes;
    TimeCodec::encode(bytes, times, encoder);
    bytes += std::string(8, '\0');
    BytesUnpacker unpacker;
    IntegerDecoder decoder(unpacker);
    ByteReader in(std::string_view(bytes).substr(0, bytes.size() - 8));
    Values out;
    TimeCodec::decode(in, times.size(), out, decoder);
    EXPECT_EQ(out, times);
    EXPECT_TRUE(in.at_end());
  }
}

}  // namespace
}  // namespace tally::store
