#include "store/segment/block_header.h"

#include <array>

#include "store/disk/field_codec.h"
#include "store/journal/provenance_codec.h"
#include "store/segment/segment_format.h"
#include "store/segment/segment_section.h"

namespace tally::store {
namespace {

/// Types of fields, in the order in which they are written. Do not renumber: on disk.
enum class BlockField : std::uint8_t {
  first = 0x01,
  count = 0x02,
  times = 0x03,
  lines_bytes = 0x04,
  parts = 0x05,
  stored_sha256 = 0x06,
  events_root = 0x07,
  previous = 0x08,
  uncounted = 0x09,
};

constexpr std::array kRequired{static_cast<std::uint8_t>(BlockField::first),
                               static_cast<std::uint8_t>(BlockField::count),
                               static_cast<std::uint8_t>(BlockField::times),
                               static_cast<std::uint8_t>(BlockField::lines_bytes),
                               static_cast<std::uint8_t>(BlockField::parts),
                               static_cast<std::uint8_t>(BlockField::stored_sha256),
                               static_cast<std::uint8_t>(BlockField::events_root),
                               static_cast<std::uint8_t>(BlockField::previous)};

void put(std::string& out, BlockField type, std::string_view value) {
  put_field(out, static_cast<std::uint8_t>(type), value);
}

void put_number(std::string& out, BlockField type, std::uint64_t number) {
  std::string value;
  put_varint(value, number);
  put(out, type, value);
}

void put_hash(std::string& out, BlockField type, const Sha256& hash) {
  std::string value;
  put_bytes(value, hash);
  put(out, type, value);
}

std::vector<BlockPart> read_parts(ByteReader& in) {
  std::vector<BlockPart> parts;
  std::uint64_t bytes = 0;
  while (!in.at_end()) {
    BlockPart part;
    part.number = static_cast<std::uint32_t>(in.varint(part_of_column(kColumnsMax)));
    part.bytes = static_cast<std::uint32_t>(in.varint(kBlockStoredMax));
    part.crc = in.fixed32();
    bytes += part.bytes;
    if (bytes > kBlockStoredMax || (!parts.empty() && part.number <= parts.back().number)) {
      in.fail();
    }
    if (in.failed()) return {};
    parts.push_back(part);
  }
  return parts;
}

/// Reads one field into the header. False: its type is not known.
bool read_field(BlockField type, ByteReader& in, BlockHeader& header) {
  switch (type) {
    case BlockField::first:
      header.first = Sequence{in.varint()};
      return true;
    case BlockField::count:
      header.count = static_cast<std::uint32_t>(in.varint(kBlockEvents));
      if (header.count == 0) in.fail();
      return true;
    case BlockField::times:
      header.earliest = read_time_after(in, {});
      header.latest = read_time_after(in, header.earliest);
      if (header.latest < header.earliest) in.fail();
      return true;
    case BlockField::lines_bytes:
      header.lines_bytes = static_cast<std::uint32_t>(in.varint(kBlockLinesMax));
      return true;
    case BlockField::parts:
      header.parts = read_parts(in);
      return true;
    case BlockField::stored_sha256:
      in.bytes_into(header.stored_sha256);
      return true;
    case BlockField::events_root:
      in.bytes_into(header.events_root);
      return true;
    case BlockField::previous:
      in.bytes_into(header.previous);
      return true;
    case BlockField::uncounted:
      header.uncounted = static_cast<std::uint32_t>(in.varint(kBlockEvents));
      return true;
  }
  return false;
}

}  // namespace

std::uint64_t parts_bytes(const BlockHeader& header) noexcept {
  std::uint64_t bytes = 0;
  for (const BlockPart& part : header.parts) bytes += part.bytes;
  return bytes;
}

void put_block_header(std::string& out, const BlockHeader& header) {
  std::string fields;
  put_number(fields, BlockField::first, to_number(header.first));
  put_number(fields, BlockField::count, header.count);
  std::string times;
  put_time_after(times, {}, header.earliest);
  put_time_after(times, header.earliest, header.latest);
  put(fields, BlockField::times, times);
  put_number(fields, BlockField::lines_bytes, header.lines_bytes);
  std::string parts;
  for (const BlockPart& part : header.parts) {
    put_varint(parts, part.number);
    put_varint(parts, part.bytes);
    put_fixed32(parts, part.crc);
  }
  put(fields, BlockField::parts, parts);
  put_hash(fields, BlockField::stored_sha256, header.stored_sha256);
  put_hash(fields, BlockField::events_root, header.events_root);
  put_hash(fields, BlockField::previous, header.previous);
  if (header.uncounted > 0) put_number(fields, BlockField::uncounted, header.uncounted);
  put_section(out, kBlockTag, fields);
}

Result<BlockHeader> read_block_header(std::string_view section) {
  TALLY_TRY(const std::string_view bytes, section_fields(section, kBlockTag));
  FieldReader fields(bytes, "block header");
  BlockHeader header;
  while (true) {
    TALLY_TRY(const auto field, fields.next());
    if (!field) break;
    ByteReader value(field->value);
    if (!read_field(static_cast<BlockField>(field->type), value, header)) {
      TALLY_TRY(fields.unknown(field->type));
    } else if (value.failed() || !value.at_end()) {
      return fields.malformed(field->type);
    }
  }
  TALLY_TRY(fields.require(kRequired));
  if (header.uncounted > header.count) return fields.malformed(0);
  return header;
}

}  // namespace tally::store
