#include "store/segment/segment_footer.h"

#include <array>
#include <span>

#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"
#include "store/journal/provenance_codec.h"
#include "store/segment/segment_format.h"
#include "store/segment/segment_section.h"

namespace tally::store {
namespace {

/// Types of fields, in the order in which they are written. Do not renumber: on disk.
enum class FooterField : std::uint8_t {
  store = 0x01,
  number = 0x02,
  first = 0x03,
  count = 0x04,
  times = 0x05,
  lines_bytes = 0x06,
  blocks = 0x07,
  schema = 0x08,
  filter = 0x09,
  chain = 0x0A,
  commits_behind = 0x0B,
  uncounted = 0x0C,
  counts = 0x0D,
  received = 0x80,
};

constexpr std::array kIdentityFields{static_cast<std::uint8_t>(FooterField::store),
                                     static_cast<std::uint8_t>(FooterField::number),
                                     static_cast<std::uint8_t>(FooterField::first)};
constexpr std::array kFooterFields{
    static_cast<std::uint8_t>(FooterField::count), static_cast<std::uint8_t>(FooterField::times),
    static_cast<std::uint8_t>(FooterField::lines_bytes),
    static_cast<std::uint8_t>(FooterField::blocks), static_cast<std::uint8_t>(FooterField::counts)};

/// More events than a journal file can hold.
constexpr std::uint64_t kEventsMax = std::uint64_t{1} << 40;

void put(std::string& out, FooterField type, std::string_view value) {
  put_field(out, static_cast<std::uint8_t>(type), value);
}

void put_number(std::string& out, FooterField type, std::uint64_t number) {
  std::string value;
  put_varint(value, number);
  put(out, type, value);
}

void put_extent(std::string& out, const SharedExtent& extent) {
  put_varint(out, extent.offset);
  put_varint(out, extent.bytes);
  put_bytes(out, extent.sha256);
}

SharedExtent read_extent(ByteReader& in) {
  SharedExtent extent;
  extent.offset = in.varint();
  extent.bytes = static_cast<std::uint32_t>(in.varint(kSharedStoredMax));
  in.bytes_into(extent.sha256);
  return extent;
}

void put_identity(std::string& out, const SegmentIdentity& identity) {
  put(out, FooterField::store,
      {reinterpret_cast<const char*>(identity.store.bytes.data()), identity.store.bytes.size()});
  put_number(out, FooterField::number, identity.number);
  put_number(out, FooterField::first, to_number(identity.first));
}

bool read_identity(FooterField type, ByteReader& in, SegmentIdentity& identity) {
  switch (type) {
    case FooterField::store:
      in.bytes_into(std::as_writable_bytes(std::span(identity.store.bytes)));
      return true;
    case FooterField::number:
      identity.number = in.varint();
      return true;
    case FooterField::first:
      identity.first = Sequence{in.varint()};
      return true;
    default:
      return false;
  }
}

std::vector<std::string> read_blocks(ByteReader& in) {
  std::vector<std::string> blocks;
  while (!in.at_end()) blocks.emplace_back(in.text(kBlockHeaderMax));
  return blocks;
}

SchemaExtent read_schema(ByteReader& in) {
  SchemaExtent schema;
  schema.stored = read_extent(in);
  schema.copy_offset = in.varint();
  schema.unpacked_bytes = static_cast<std::uint32_t>(in.varint(kSharedBytesMax));
  return schema;
}

/// Reads a field that is neither the identity nor made of lists of integers.
bool read_plain(FooterField type, ByteReader& in, SegmentFooter& footer) {
  switch (type) {
    case FooterField::count:
      footer.count = in.varint(kEventsMax);
      return true;
    case FooterField::times:
      footer.earliest = read_time_after(in, {});
      footer.latest = read_time_after(in, footer.earliest);
      footer.received = footer.latest;  // Unless the field of that name follows.
      return true;
    case FooterField::received:
      footer.received = read_time_after(in, footer.latest);
      return true;
    case FooterField::lines_bytes:
      footer.lines_bytes = in.varint();
      return true;
    case FooterField::blocks:
      footer.blocks = read_blocks(in);
      return true;
    case FooterField::schema:
      footer.schema = read_schema(in);
      return true;
    case FooterField::filter:
      footer.filter = read_extent(in);
      return true;
    case FooterField::chain:
      footer.chain.emplace();
      in.bytes_into(footer.chain->previous_core);
      in.bytes_into(footer.chain->last_core);
      return true;
    case FooterField::uncounted:
      footer.uncounted = in.varint(footer.count);
      return true;
    default:
      return false;
  }
}

/// Reads all fields; `read` tells of each whether it is well formed, and known at all.
template <class Read>
Result<void> read_fields(FieldReader& fields, Read read) {
  while (true) {
    TALLY_TRY(const auto field, fields.next());
    if (!field) return ok();
    bool known = true;
    const bool good = read(field->type, field->value, known);
    if (!known) {
      TALLY_TRY(fields.unknown(field->type));
    } else if (!good) {
      return fields.malformed(field->type);
    }
  }
}

}  // namespace

FilterExtent filter_extent(const SegmentFooter& footer) noexcept {
  if (!footer.filter) return {};
  return {footer.filter->offset, footer.filter->bytes};
}

std::string FooterCodec::encode(const SegmentFooter& footer) {
  std::string fields;
  put_identity(fields, footer.identity);
  put_number(fields, FooterField::count, footer.count);
  std::string times;
  put_time_after(times, {}, footer.earliest);
  put_time_after(times, footer.earliest, footer.latest);
  put(fields, FooterField::times, times);
  put_number(fields, FooterField::lines_bytes, footer.lines_bytes);
  std::string blocks;
  for (const std::string& block : footer.blocks) put_text(blocks, block);
  put(fields, FooterField::blocks, blocks);
  if (footer.schema) {
    std::string schema;
    put_extent(schema, footer.schema->stored);
    put_varint(schema, footer.schema->copy_offset);
    put_varint(schema, footer.schema->unpacked_bytes);
    put(fields, FooterField::schema, schema);
  }
  if (footer.filter) {
    std::string filter;
    put_extent(filter, *footer.filter);
    put(fields, FooterField::filter, filter);
  }
  if (footer.chain) {
    std::string chain;
    put_bytes(chain, footer.chain->previous_core);
    put_bytes(chain, footer.chain->last_core);
    put(fields, FooterField::chain, chain);
  }
  if (footer.commits_behind.size() > 0) {
    std::string commits;
    put_outlines(commits, footer.commits_behind, encoder_);
    put(fields, FooterField::commits_behind, commits);
  }
  if (footer.uncounted > 0) put_number(fields, FooterField::uncounted, footer.uncounted);
  std::string counts;
  put_counts(counts, footer.counts, encoder_);
  put(fields, FooterField::counts, counts);
  std::string received;
  put_time_after(received, footer.latest, footer.received);
  put(fields, FooterField::received, received);
  std::string section;
  put_section(section, kFooterTag, fields);
  return section;
}

bool FooterCodec::read_field(std::uint8_t type, std::string_view bytes, SegmentFooter& footer,
                             bool& known) {
  const auto field = static_cast<FooterField>(type);
  if (field == FooterField::commits_behind) {
    return read_outlines(bytes, decoder_, footer.commits_behind);
  }
  if (field == FooterField::counts) {
    return read_counts(bytes, footer.count - footer.uncounted, decoder_, footer.counts);
  }
  ByteReader in(bytes);
  known = read_identity(field, in, footer.identity) || read_plain(field, in, footer);
  return !in.failed() && in.at_end();
}

Result<SegmentFooter> FooterCodec::decode(std::string_view section) {
  TALLY_TRY(const std::string_view bytes, section_fields(section, kFooterTag));
  FieldReader fields(bytes, "segment footer");
  SegmentFooter footer;
  TALLY_TRY(read_fields(fields, [&](std::uint8_t type, std::string_view value, bool& known) {
    return read_field(type, value, footer, known);
  }));
  TALLY_TRY(fields.require(kIdentityFields));
  TALLY_TRY(fields.require(kFooterFields));
  return footer;
}

std::string encode_trailer(std::size_t footer_bytes) {
  std::string trailer(kTrailerTag);
  trailer.push_back(static_cast<char>(kSegmentVersion));
  put_fixed32(trailer, static_cast<std::uint32_t>(footer_bytes));
  put_fixed32(trailer, crc32c(trailer));
  return trailer;
}

Result<std::size_t> decode_trailer(std::string_view trailer) {
  if (trailer.size() != kTrailerBytes || !trailer.starts_with(kTrailerTag) ||
      crc32c(trailer.substr(0, 8)) != get_fixed32(trailer.data() + 8)) {
    return Error{Errc::corruption, "file does not end as a segment does"};
  }
  if (static_cast<std::uint8_t>(trailer[3]) != kSegmentVersion) {
    return Error{Errc::unsupported, "segment is of a newer version"};
  }
  const std::size_t bytes = get_fixed32(trailer.data() + 4);
  if (bytes < kSectionPrefixBytes || bytes > kFooterMax) {
    return Error{Errc::corruption, "length of the segment's footer is out of range"};
  }
  return bytes;
}

std::string encode_segment_header(const SegmentIdentity& identity) {
  std::string fields;
  put_identity(fields, identity);
  std::string section;
  put_section(section, kSegmentTag, fields);
  return section;
}

Result<SegmentIdentity> decode_segment_header(std::string_view section) {
  TALLY_TRY(const std::string_view bytes, section_fields(section, kSegmentTag));
  FieldReader fields(bytes, "segment header");
  SegmentIdentity identity;
  TALLY_TRY(read_fields(fields, [&](std::uint8_t type, std::string_view value, bool& known) {
    ByteReader in(value);
    known = read_identity(static_cast<FooterField>(type), in, identity);
    return !in.failed() && in.at_end();
  }));
  TALLY_TRY(fields.require(kIdentityFields));
  return identity;
}

}  // namespace tally::store
