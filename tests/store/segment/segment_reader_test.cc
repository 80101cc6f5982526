#include "store/segment/segment_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"
#include "store/journal/provenance_codec.h"
#include "store/segment/segment_cursor.h"
#include "store/segment/segment_footer.h"
#include "store/segment/segment_format.h"
#include "store/segment/segment_section.h"
#include "tests/store/segment/segment_harness.h"
#include "tests/store/segment/segment_line_styles.h"

namespace tally::store {
namespace {

class SegmentReaderOfFile : public testing::Test {
 protected:
  void write(std::size_t events) {
    lines_ = tests::StyledLines(tests::LineStyle::go, 11).lines(events);
    ASSERT_TRUE(tests::write_segment(files_, "segment", tests::commits_of(lines_, 1000)));
    bytes_ = tests::file_bytes(files_, "segment");
  }

  /// Puts other bytes in the file's place.
  void replace(const std::string& bytes) {
    auto file = files_.open("damaged", OpenMode::open_or_create).value();
    ASSERT_TRUE(file->truncate(0));
    const std::string_view part = bytes;
    ASSERT_TRUE(file->write_at(0, {&part, 1}));
  }

  SegmentFooter footer() const {
    const std::string_view view = bytes_;
    const std::size_t end = view.size() - kTrailerBytes;
    const std::size_t length = decode_trailer(view.substr(end)).value();
    return FooterCodec().decode(view.substr(end - length, length)).value();
  }

  tests::FaultFileSystem files_;
  std::vector<std::string> lines_;
  std::string bytes_;
};

TEST_F(SegmentReaderOfFile, StartsAtAnySequence) {
  write(20'000);
  auto reader = SegmentReader::open(files_, "segment").value();
  const std::uint64_t first = to_number(tests::sample_segment().first);
  for (const std::uint64_t skip : {0U, 1U, 999U, 16'383U, 16'384U, 16'385U, 19'999U, 20'000U}) {
    const auto contents = tests::read_segment(reader, Sequence{first + skip}).value();
    const std::vector<std::string> expected(lines_.begin() + static_cast<std::ptrdiff_t>(skip),
                                            lines_.end());
    EXPECT_EQ(contents.lines, expected) << skip;
  }
  EXPECT_EQ(tests::read_segment(reader, kFirstSequence).value().lines.size(), lines_.size());
}

TEST_F(SegmentReaderOfFile, NoticesEveryFlippedByte) {
  write(300);
  std::mt19937_64 random(3);
  for (int i = 0; i < 400; ++i) {
    std::string damaged = bytes_;
    const std::size_t at = random() % damaged.size();
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (random() % 8)));
    replace(damaged);
    auto reader = SegmentReader::open(files_, "damaged");
    if (!reader) continue;
    const auto contents = tests::read_segment(reader.value());
    // Either it says so, or what is damaged is not needed: the header, a copy of the schema, the
    // filter, or a header of a block.
    if (contents) {
      EXPECT_EQ(contents.value().lines, lines_) << at;
    } else {
      EXPECT_EQ(contents.error().code, Errc::corruption) << at;
      EXPECT_FALSE(reader.value().audit());
    }
  }
}

TEST_F(SegmentReaderOfFile, NoticesACutFile) {
  write(100);
  for (std::size_t length = 0; length < bytes_.size(); length += 7) {
    replace(bytes_.substr(0, length));
    const auto reader = SegmentReader::open(files_, "damaged");
    ASSERT_FALSE(reader) << length;
    EXPECT_EQ(reader.error().code, Errc::corruption);
  }
}

TEST_F(SegmentReaderOfFile, ReadsTheOtherBlocksWhenOneIsDamaged) {
  write(40'000);
  auto whole = SegmentReader::open(files_, "segment").value();
  ASSERT_EQ(whole.blocks().size(), 3U);
  const BlockEntry damaged_block = whole.blocks()[1];
  bytes_[damaged_block.offset + damaged_block.bytes - 1000] ^= 1;
  replace(bytes_);
  auto reader = SegmentReader::open(files_, "damaged").value();
  const Selection everything;
  SegmentCursor cursor(reader, kFirstSequence, everything);
  EXPECT_TRUE(cursor.next());
  EXPECT_EQ(cursor.position(), damaged_block.first);
  const auto error = cursor.next();
  ASSERT_FALSE(error);
  EXPECT_EQ(error.error().code, Errc::corruption);
  EXPECT_NE(error.error().context.find("damaged: block at offset " +
                                       std::to_string(damaged_block.offset)),
            std::string::npos)
      << error.error().context;
  EXPECT_EQ(cursor.position(), advance(damaged_block.first, damaged_block.count));
  const auto rest = cursor.next();
  ASSERT_TRUE(rest && rest.value());
  EXPECT_EQ(rest.value()->count, 40'000U - 2 * 16'384U);
  EXPECT_FALSE(cursor.next().value());
}

TEST_F(SegmentReaderOfFile, ReadsTheOtherCopyOfADamagedSchema) {
  write(100);
  const SegmentFooter footer = this->footer();
  bytes_[footer.schema->stored.offset + 10] ^= 1;
  replace(bytes_);
  auto reader = SegmentReader::open(files_, "damaged").value();
  EXPECT_EQ(tests::read_segment(reader).value().lines, lines_);
  bytes_[footer.schema->copy_offset + 10] ^= 1;
  replace(bytes_);
  auto blind = SegmentReader::open(files_, "damaged").value();
  EXPECT_EQ(tests::read_segment(blind).error().code, Errc::corruption);
}

TEST_F(SegmentReaderOfFile, RefusesWhatANewerVersionMustUnderstand) {
  write(10);
  const std::string_view view = bytes_;
  const std::size_t end = view.size() - kTrailerBytes;
  const std::size_t length = decode_trailer(view.substr(end)).value();
  const std::string_view section = view.substr(end - length, length);
  // What every reader has to understand comes before the first field that it may ignore.
  const std::string fields(section_fields(section, kFooterTag).value());
  const SegmentSummary summary = SegmentReader::open(files_, "segment").value().summary();
  std::string time;
  put_time_after(time, summary.latest, summary.received);
  std::string received;
  put_field(received, 0x80, time);
  ASSERT_TRUE(fields.ends_with(received));
  const std::string known = fields.substr(0, fields.size() - received.size());
  for (const std::uint8_t type : {std::uint8_t{0x7F}, std::uint8_t{0x81}}) {
    std::string extended = type == 0x7F ? known : fields;
    put_field(extended, type, "new");
    if (type == 0x7F) extended += received;
    std::string file(view.substr(0, end - length));
    std::string footer;
    put_section(footer, kFooterTag, extended);
    replace(file + footer + encode_trailer(footer.size()));
    const auto reader = SegmentReader::open(files_, "damaged");
    ASSERT_EQ(reader.has_value(), type == 0x81);
    if (!reader) {
      EXPECT_EQ(reader.error().code, Errc::unsupported);
    }
  }
}

TEST_F(SegmentReaderOfFile, TellsOfABlocksDamagedHeaderAndLosesNothing) {
  write(100);
  const std::size_t header = SegmentReader::open(files_, "segment").value().blocks()[0].offset;
  std::string bytes = bytes_;
  bytes[header + 20] = static_cast<char>(bytes[header + 20] ^ 1);
  replace(bytes);
  auto reader = SegmentReader::open(files_, "damaged").value();
  const auto contents = tests::read_segment(reader);
  ASSERT_TRUE(contents);
  EXPECT_EQ(contents.value().lines.size(), 100U);
  EXPECT_TRUE(reader.own_header_damaged());
  EXPECT_FALSE(reader.audit());
  auto whole = SegmentReader::open(files_, "segment").value();
  ASSERT_TRUE(whole.audit());
  EXPECT_FALSE(whole.own_header_damaged());
}

TEST_F(SegmentReaderOfFile, AuditNoticesAnotherChain) {
  write(100);
  SegmentFooter footer = this->footer();
  footer.chain->last_core[0] ^= std::byte{1};
  const std::string section = FooterCodec().encode(footer);
  const std::size_t old = decode_trailer(bytes_.substr(bytes_.size() - kTrailerBytes)).value();
  replace(bytes_.substr(0, bytes_.size() - kTrailerBytes - old) + section +
          encode_trailer(section.size()));
  auto reader = SegmentReader::open(files_, "damaged").value();
  EXPECT_TRUE(tests::read_segment(reader));
  const auto audit = reader.audit();
  ASSERT_FALSE(audit);
  EXPECT_EQ(audit.error().code, Errc::corruption);
}

}  // namespace
}  // namespace tally::store
