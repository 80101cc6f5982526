#include "store/rejected/rejected_pack.h"

#include <array>
#include <span>

#include "store/disk/crc32c.h"
#include "store/disk/crc_record.h"
#include "store/disk/field_codec.h"

namespace tally::store {
namespace {

// docs/format/rejected.md. Do not change without a new version: on disk.
constexpr std::string_view kMagic = "tallyrej";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kStoreAt = 12;
constexpr std::size_t kNumberAt = 28;
constexpr std::size_t kCrcAt = 36;
static_assert(kCrcAt + kCrcBytes == kRejectedHeaderBytes);

enum class PackField : std::uint8_t { client = 0x01, index = 0x02, count = 0x03, frame = 0x04 };

void add(std::string& out, PackField type, std::string_view value) {
  put_field(out, static_cast<std::uint8_t>(type), value);
}

std::string varint(std::uint64_t value) {
  std::string out;
  put_varint(out, value);
  return out;
}

bool read_field(const Field& field, RejectedPack& pack, bool& well_formed) {
  ByteReader value(field.value);
  switch (static_cast<PackField>(field.type)) {
    case PackField::client:
      pack.client = field.value;
      well_formed = pack.client.size() <= kNameBytesMax;
      return true;
    case PackField::index:
      pack.index = value.varint();
      break;
    case PackField::count:
      pack.count = static_cast<std::uint32_t>(value.varint(kCommitRefusedMax));
      break;
    case PackField::frame:
      pack.frame = field.value;
      well_formed = true;
      return true;
    default:
      return false;
  }
  well_formed = !value.failed() && value.at_end();
  return true;
}

}  // namespace

std::string encode(const RejectedHeader& header) {
  std::string out(kMagic);
  put_fixed32(out, kVersion);
  put_bytes(out, std::as_bytes(std::span(header.store.bytes)));
  put_fixed64(out, header.number);
  put_fixed32(out, crc32c(out));
  return out;
}

Result<RejectedHeader> decode_rejected_header(std::string_view bytes) {
  if (bytes.size() < kRejectedHeaderBytes || !bytes.starts_with(kMagic) ||
      crc32c(bytes.substr(0, kCrcAt)) != get_fixed32(bytes.data() + kCrcAt)) {
    return Error{Errc::corruption, "no header of a file of refused events"};
  }
  if (get_fixed32(bytes.data() + kMagic.size()) != kVersion) {
    return Error{Errc::unsupported, "refused events in another version of the format"};
  }
  RejectedHeader header;
  ByteReader in(bytes.substr(kStoreAt, header.store.bytes.size()));
  in.bytes_into(std::as_writable_bytes(std::span(header.store.bytes)));
  header.number = get_fixed64(bytes.data() + kNumberAt);
  return header;
}

std::string encode(const RejectedPack& pack) {
  std::string body;
  add(body, PackField::client, pack.client);
  add(body, PackField::index, varint(pack.index));
  add(body, PackField::count, varint(pack.count));
  add(body, PackField::frame, pack.frame);
  std::string out;
  put_record(out, body);
  return out;
}

Result<RejectedPack> decode_rejected_pack(std::string_view bytes) {
  const auto body = record_body(bytes, kRejectedBodyBytesMax);
  if (!body) return Error{Errc::corruption, "refused events do not match their CRC"};
  RejectedPack pack;
  FieldReader fields(*body, "refused events");
  while (true) {
    TALLY_TRY(const auto field, fields.next());
    if (!field) break;
    bool well_formed = false;
    if (!read_field(*field, pack, well_formed)) {
      TALLY_TRY(fields.unknown(field->type));
    } else if (!well_formed) {
      return fields.malformed(field->type);
    }
  }
  constexpr std::array<std::uint8_t, 4> kRequired{1, 2, 3, 4};
  TALLY_TRY(fields.require(kRequired));
  return pack;
}

}  // namespace tally::store
