#include "store/disk/field_codec.h"

#include <algorithm>
#include <limits>

namespace tally::store {
namespace {

template <class Unsigned>
void put_little_endian(std::string& out, Unsigned value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

template <class Unsigned>
Unsigned get_little_endian(const char* bytes) noexcept {
  Unsigned value = 0;
  for (std::size_t i = sizeof value; i-- > 0;) {
    value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

}  // namespace

void put_fixed32(std::string& out, std::uint32_t value) { put_little_endian(out, value); }
void put_fixed64(std::string& out, std::uint64_t value) { put_little_endian(out, value); }

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void put_zigzag(std::string& out, std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  put_varint(out, (bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void put_bytes(std::string& out, std::span<const std::byte> bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out += text;
}

void put_field(std::string& out, std::uint8_t type, std::string_view value) {
  out.push_back(static_cast<char>(type));
  put_text(out, value);
}

std::uint32_t get_fixed32(const char* bytes) noexcept {
  return get_little_endian<std::uint32_t>(bytes);
}

std::uint64_t get_fixed64(const char* bytes) noexcept {
  return get_little_endian<std::uint64_t>(bytes);
}

std::uint8_t ByteReader::byte() noexcept {
  const std::string_view read = bytes(1);
  return read.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(read.front());
}

std::uint32_t ByteReader::fixed32() noexcept {
  const std::string_view read = bytes(sizeof(std::uint32_t));
  return read.empty() ? 0 : get_fixed32(read.data());
}

std::uint64_t ByteReader::fixed64() noexcept {
  const std::string_view read = bytes(sizeof(std::uint64_t));
  return read.empty() ? 0 : get_fixed64(read.data());
}

std::uint64_t ByteReader::varint() noexcept {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint64_t next = byte();
    value |= (next & 0x7F) << shift;
    if (next >= 0x80) continue;
    const bool overlong = next == 0 && shift > 0;
    const bool overflows = shift == 63 && next > 1;
    if (overlong || overflows) fail();
    return failed_ ? 0 : value;
  }
  fail();
  return 0;
}

std::uint64_t ByteReader::varint(std::uint64_t max) noexcept {
  const std::uint64_t value = varint();
  if (value <= max) return value;
  fail();
  return 0;
}

std::int64_t ByteReader::zigzag() noexcept {
  const std::uint64_t value = varint();
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

std::string_view ByteReader::bytes(std::size_t length) noexcept {
  if (length > rest_.size()) fail();
  if (failed_) return {};
  const std::string_view read = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return read;
}

void ByteReader::bytes_into(std::span<std::byte> into) noexcept {
  const std::string_view read = bytes(into.size());
  std::transform(read.begin(), read.end(), into.begin(),
                 [](char byte) { return static_cast<std::byte>(byte); });
}

std::string_view ByteReader::text(std::size_t max) noexcept { return bytes(varint(max)); }

void ByteReader::fail() noexcept {
  failed_ = true;
  rest_ = {};
}

Result<std::optional<Field>> FieldReader::next() {
  if (bytes_.at_end()) return std::nullopt;
  Field field;
  field.type = bytes_.byte();
  field.value = bytes_.text(std::numeric_limits<std::size_t>::max());
  if (bytes_.failed() || field.type <= last_type_) return malformed(field.type);
  last_type_ = field.type;
  seen_.set(field.type);
  return field;
}

Result<void> FieldReader::unknown(std::uint8_t type) const {
  if (type >= kIgnorableFields) return ok();
  return Error{Errc::unsupported, std::string(what_) + ": field " + std::to_string(type) +
                                      " is not known to this version"};
}

Result<void> FieldReader::require(std::span<const std::uint8_t> types) const {
  for (const std::uint8_t type : types) {
    if (!seen_.test(type)) return malformed(type);
  }
  return ok();
}

Error FieldReader::malformed(std::uint8_t type) const {
  return {Errc::corruption,
          std::string(what_) + ": field " + std::to_string(type) + " is missing or malformed"};
}

}  // namespace tally::store
