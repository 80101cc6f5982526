#include "store/journal/file_header.h"

#include <gtest/gtest.h>

#include <random>

#include "store/disk/field_codec.h"
#include "store/journal/journal_format.h"
#include "tests/support/journal_bytes.h"
#include "tests/support/random_journal.h"

namespace tally::store {
namespace {

using tests::framed_file_header;
using tests::RandomJournal;
using tests::sample_file_header;

Errc code_of(std::string_view bytes) {
  const auto decoded = decode_file_header(bytes);
  EXPECT_FALSE(decoded);
  return decoded ? Errc::invalid : decoded.error().code;
}

/// What stands between the prefix and the CRC.
std::string fields_of(const std::string& header) {
  return header.substr(kFileHeaderPrefixBytes, header.size() - kFileHeaderPrefixBytes - kCrcBytes);
}

TEST(FileHeader, RandomOnesRoundTrip) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RandomJournal random(seed);
  for (int i = 0; i < 300; ++i) {
    const FileHeader header = random.file_header();
    const std::string bytes = encode(header).value();
    EXPECT_EQ(file_header_bytes(bytes).value(), bytes.size());
    const auto decoded = decode_file_header(bytes + "what follows");
    ASSERT_TRUE(decoded) << to_string(decoded.error());
    EXPECT_EQ(decoded.value().header, header);
    EXPECT_EQ(decoded.value().bytes, bytes.size());
  }
}

TEST(FileHeader, EveryFlippedBitIsCorruption) {
  const std::string good = encode(sample_file_header()).value();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(code_of(bad), Errc::corruption) << bit;
  }
}

TEST(FileHeader, EveryShorterOneIsCorruption) {
  const std::string good = encode(sample_file_header()).value();
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(code_of(good.substr(0, length)), Errc::corruption) << length;
  }
}

TEST(FileHeader, FramingIsAsTheFormatPageSays) {
  const std::string good = encode(sample_file_header()).value();
  EXPECT_EQ(framed_file_header(fields_of(good)), good);
}

TEST(FileHeader, UnknownFieldsAreRefusedOrPassedOver) {
  const FileHeader header = sample_file_header();
  std::string ignorable = fields_of(encode(header).value());
  std::string critical = ignorable;
  put_field(ignorable, 0x80, "new");
  put_field(critical, 0x7F, "new");
  EXPECT_EQ(decode_file_header(framed_file_header(ignorable)).value().header, header);
  EXPECT_EQ(code_of(framed_file_header(critical)), Errc::unsupported);
}

TEST(FileHeader, AnotherVersionIsUnsupported) {
  const std::string fields = fields_of(encode(sample_file_header()).value());
  EXPECT_EQ(code_of(framed_file_header(fields, kJournalVersion + 1)), Errc::unsupported);
}

TEST(FileHeader, EachFieldIsRequiredAndOfItsLength) {
  const std::string fields = fields_of(encode(sample_file_header()).value());
  FieldReader reader(fields, "test");
  for (std::uint8_t type = 1; type <= 8; ++type) {
    const Field field = *reader.next().value();
    const auto at = static_cast<std::size_t>(field.value.data() - fields.data()) - 2;
    std::string without = fields;
    without.erase(at, 2 + field.value.size());
    EXPECT_EQ(code_of(framed_file_header(without)), Errc::corruption) << int{type};
    std::string longer = fields.substr(0, at);
    put_field(longer, type, std::string(field.value) + "\x7F");
    longer += fields.substr(at + 2 + field.value.size());
    EXPECT_EQ(code_of(framed_file_header(longer)), Errc::corruption) << int{type};
  }
}

TEST(FileHeader, TooManyCheckpointsAreRefusedWhenWriting) {
  FileHeader header = sample_file_header();
  header.checkpoints.assign(kSnapshotCheckpointsMax, {"s", "x"});
  EXPECT_TRUE(encode(header));
  header.checkpoints.push_back({"s", "x"});
  EXPECT_EQ(encode(header).error().code, Errc::too_large);
  header.checkpoints.assign(1, {"s", std::string(kCheckpointStateBytesMax + 1, 'x')});
  EXPECT_EQ(encode(header).error().code, Errc::too_large);
  header.checkpoints.assign(300, {"s", std::string(kCheckpointStateBytesMax, 'x')});
  EXPECT_EQ(encode(header).error().code, Errc::too_large);
}

}  // namespace
}  // namespace tally::store
