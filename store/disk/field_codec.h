#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/result.h"

/// The building blocks of journal headers: little-endian integers, LEB128 varints, texts, and typed
/// fields (type, varint length, value). docs/format/journal.md.
namespace tally::store {

void put_fixed32(std::string& out, std::uint32_t value);
void put_fixed64(std::string& out, std::uint64_t value);
void put_varint(std::string& out, std::uint64_t value);
/// A signed difference, small ones of either sign in few bytes.
void put_zigzag(std::string& out, std::int64_t value);
void put_bytes(std::string& out, std::span<const std::byte> bytes);
/// varint length, bytes.
void put_text(std::string& out, std::string_view text);
void put_field(std::string& out, std::uint8_t type, std::string_view value);

std::uint32_t get_fixed32(const char* bytes) noexcept;
std::uint64_t get_fixed64(const char* bytes) noexcept;

/// A reader that knows less than the writer must refuse a field below this type, and may pass over
/// one from it on.
inline constexpr std::uint8_t kIgnorableFields = 0x80;

/// Reads what the put functions wrote, trusting nothing. The first read that cannot be done makes
/// this one and all later ones fail: they give zeros and nothing, so that a decoder may look at
/// failed() once per record. Views into the bytes that it was made from.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) noexcept : rest_(bytes) {}

  std::uint8_t byte() noexcept;
  std::uint32_t fixed32() noexcept;
  std::uint64_t fixed64() noexcept;
  /// Only the shortest form of a number is accepted.
  std::uint64_t varint() noexcept;
  /// A varint that is at most `max`.
  std::uint64_t varint(std::uint64_t max) noexcept;
  std::int64_t zigzag() noexcept;
  std::string_view bytes(std::size_t length) noexcept;
  void bytes_into(std::span<std::byte> into) noexcept;
  /// A text of at most `max` bytes.
  std::string_view text(std::size_t max) noexcept;

  void fail() noexcept;
  bool failed() const noexcept { return failed_; }
  /// Nothing is left, or reading failed.
  bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

struct Field {
  std::uint8_t type = 0;
  std::string_view value;
};

/// Reads a sequence of typed fields, whose types have to ascend: each occurs once at most.
class FieldReader {
 public:
  /// `what` names the whole in errors; both views must outlive the reader.
  FieldReader(std::string_view bytes, std::string_view what) noexcept
      : bytes_(bytes), what_(what) {}

  /// The next field, or nothing at the end. Errc::corruption.
  Result<std::optional<Field>> next();

  /// What becomes of a field whose type the caller does not know: nothing, or Errc::unsupported.
  Result<void> unknown(std::uint8_t type) const;

  /// Errc::corruption unless all of `types` have occurred.
  Result<void> require(std::span<const std::uint8_t> types) const;

  /// Errc::corruption that names the field.
  Error malformed(std::uint8_t type) const;

 private:
  ByteReader bytes_;
  std::string_view what_;
  std::bitset<256> seen_;
  int last_type_ = -1;
};

}  // namespace tally::store
