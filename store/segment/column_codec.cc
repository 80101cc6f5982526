#include "store/segment/column_codec.h"

#include <algorithm>

namespace tally::store {
namespace {

bool done(const ByteReader& in) noexcept { return !in.failed() && in.at_end(); }

}  // namespace

void ColumnEncoder::encode(std::string& out, std::string& rest, const Column& column,
                           const ColumnBuffer& values) {
  if (const std::size_t width = id_bytes(column); width > 0) {
    return encode_ids(out, rest, width, values.bytes);
  }
  switch (column.kind) {
    case ColumnKind::time:
      return TimeCodec::encode(out, values.numbers, integers_);
    case ColumnKind::json:
    case ColumnKind::text:
      integers_.encode(out, values.numbers);
      return packer_.pack(out, values.bytes, BytesKind::text);
    case ColumnKind::message:
      integers_.encode(out, values.numbers);
      integers_.encode(out, values.tokens);
      return packer_.pack(out, values.bytes, BytesKind::symbols);
    default:
      return integers_.encode(out, values.numbers);
  }
}

void ColumnEncoder::encode_ids(std::string& out, std::string& rest, std::size_t width,
                               std::string_view bytes) {
  const std::size_t head = id_plane_bytes(width);
  plane_.clear();
  tail_.clear();
  for (; !bytes.empty(); bytes.remove_prefix(width)) {
    plane_ += bytes.substr(0, head);
    tail_ += bytes.substr(head, width - head);
  }
  packer_.pack(out, plane_, BytesKind::symbols);
  packer_.pack(rest, tail_, BytesKind::symbols);
}

bool ColumnDecoder::take(std::size_t bytes) noexcept {
  if (bytes > bytes_left_) return false;
  bytes_left_ -= bytes;
  return true;
}

bool ColumnDecoder::decode(std::string_view part, std::string_view rest, const Column& column,
                           std::size_t count, ColumnBuffer& out, std::size_t wanted) {
  if (const std::size_t width = id_bytes(column); width > 0) {
    return decode_ids(part, rest, width, count, out);
  }
  ByteReader in(part);
  switch (column.kind) {
    case ColumnKind::time:
      TimeCodec::decode(in, count, out.numbers, integers_, wanted);
      return done(in);
    case ColumnKind::json:
    case ColumnKind::text:
      return decode_texts(in, count, out);
    default:
      integers_.decode(in, count, out.numbers, wanted);
      return done(in);
  }
}

bool ColumnDecoder::decode_texts(ByteReader& in, std::size_t count, ColumnBuffer& out) {
  integers_.decode(in, count, out.numbers);
  if (in.failed()) return false;
  std::size_t bytes = 0;
  for (const std::int64_t length : out.numbers) {
    if (length < 0 || !take(static_cast<std::size_t>(length))) return false;
    bytes += static_cast<std::size_t>(length);
  }
  unpacker_.unpack(in, bytes, out.bytes);
  return done(in);
}

void ColumnDecoder::decode_codes(ByteReader& in, std::size_t count, ColumnBuffer& out) {
  integers_.decode(in, count, out.numbers);
}

bool ColumnDecoder::decode_message_values(ByteReader& in, const MessageTotals& totals,
                                          ColumnBuffer& out) {
  if (!take(totals.tokens) || !take(totals.id_bytes)) return false;
  integers_.decode(in, totals.tokens, out.tokens);
  if (in.failed()) return false;
  unpacker_.unpack(in, totals.id_bytes, out.bytes);
  return done(in);
}

bool ColumnDecoder::decode_plane(std::string_view part, std::size_t width, std::size_t count,
                                 std::string& out) {
  ByteReader in(part);
  unpacker_.unpack(in, count * id_plane_bytes(width), out);
  return done(in);
}

bool ColumnDecoder::decode_ids(std::string_view part, std::string_view rest, std::size_t width,
                               std::size_t count, ColumnBuffer& out) {
  if (!take(count * width) || !decode_plane(part, width, count, out.bytes)) return false;
  ByteReader in(rest);
  unpacker_.unpack(in, count * (width - id_plane_bytes(width)), out.tails);
  return done(in);
}

}  // namespace tally::store
