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
                           std::size_t count, ColumnBuffer& out) {
  ByteReader in(part);
  if (const std::size_t width = id_bytes(column); width > 0) {
    if (!take(count * width)) return false;
    const std::size_t head = id_plane_bytes(width);
    ByteReader tails(rest);
    unpacker_.unpack(in, count * head, out.bytes);
    unpacker_.unpack(tails, count * (width - head), out.tails);
    return done(in) && done(tails);
  }
  switch (column.kind) {
    case ColumnKind::time:
      TimeCodec::decode(in, count, out.numbers, integers_);
      return done(in);
    case ColumnKind::json:
    case ColumnKind::text:
      return decode_texts(in, count, out);
    default:
      integers_.decode(in, count, out.numbers);
      return done(in);
  }
}

bool ColumnDecoder::decode_at(std::string_view part, std::string_view rest, const Column& column,
                              std::size_t count, std::span<const std::uint32_t> indexes,
                              ColumnBuffer& out) {
  if (const std::size_t width = id_bytes(column); width > 0) {
    return decode_ids_at(part, rest, width, count, indexes, out);
  }
  ByteReader in(part);
  switch (column.kind) {
    case ColumnKind::time:  // Each rests on all before it.
      TimeCodec::decode(in, count, out.numbers, integers_, indexes.back() + 1);
      if (!done(in)) return false;
      keep_values(out, indexes, [](std::int64_t) { return ValueExtent{}; });
      return true;
    case ColumnKind::json:
    case ColumnKind::text:
      if (!decode_texts(in, count, out)) return false;
      keep_values(out, indexes, [](std::int64_t length) {
        return ValueExtent{.tokens = 0, .bytes = static_cast<std::size_t>(length)};
      });
      return true;
    default:
      integers_.decode_at(in, count, indexes, out.numbers);
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

std::optional<std::string_view> ColumnDecoder::id_part(std::string_view part, std::size_t width,
                                                       std::size_t count, std::string& scratch) {
  ByteReader in(part);
  const std::string_view bytes = unpacker_.view(in, count * width, scratch);
  return done(in) ? std::optional(bytes) : std::nullopt;
}

bool ColumnDecoder::decode_ids_at(std::string_view part, std::string_view rest, std::size_t width,
                                  std::size_t count, std::span<const std::uint32_t> indexes,
                                  ColumnBuffer& out) {
  const std::size_t head = id_plane_bytes(width);
  const std::size_t tail = width - head;
  if (!take(count * width)) return false;
  const auto heads = id_part(part, head, count, heads_);
  const auto tails = id_part(rest, tail, count, tails_);
  if (!heads || !tails) return false;
  out.bytes.clear();
  out.tails.clear();
  for (const std::size_t index : indexes) {
    out.bytes += heads->substr(index * head, head);
    out.tails += tails->substr(index * tail, tail);
  }
  return true;
}

}  // namespace tally::store
