#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tally::ingest {

/// The fields that an event may have, in the order in which writers put them.
enum class Field : std::uint8_t {
  timestamp,
  service,
  operation,
  container,
  success,
  error,
  metadata,
  unknown,  ///< none of them
};

inline constexpr int kFieldCount = 7;

/// A set of fields: bit 1 << Field.
using FieldSet = std::uint32_t;

constexpr FieldSet bit(Field field) noexcept { return 1U << static_cast<unsigned>(field); }

/// The field that writers put behind that one; behind the last one, the first.
constexpr Field following(Field field) noexcept {
  return field >= Field::metadata ? Field::timestamp
                                  : static_cast<Field>(static_cast<unsigned>(field) + 1);
}

inline constexpr FieldSet kRequiredFields =
    bit(Field::timestamp) | bit(Field::service) | bit(Field::operation) | bit(Field::success);

/// Lengths count code points of the unescaped text (as JSON Schema's maxLength does).
inline constexpr std::size_t kServiceLengthMax = 256;
inline constexpr std::size_t kOperationLengthMax = 256;
inline constexpr std::size_t kContainerLengthMax = 512;

inline constexpr std::array<std::string_view, kFieldCount> kFieldNames = {
    "timestamp", "service", "operation", "container", "success", "error", "metadata"};

std::string_view to_string(Field field) noexcept;

/// The field of that name; names are compared byte by byte.
Field find_field(std::string_view name) noexcept;

/// The field that a misspelt name probably means (letter case aside), or `unknown` if none is
/// close.
Field nearest_field(std::string_view name);

/// A name with its closing quote as two words, and which of their bytes count.
struct QuotedName {
  std::array<std::uint64_t, 2> words;
  std::array<std::uint64_t, 2> mask;
};

inline constexpr std::array<QuotedName, kFieldCount> kQuotedNames = [] {
  std::array<QuotedName, kFieldCount> quoted{};
  for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
    std::array<char, 16> bytes{};
    std::array<char, 16> mask{};
    std::copy(kFieldNames[i].begin(), kFieldNames[i].end(), bytes.begin());
    bytes[kFieldNames[i].size()] = '"';
    std::fill_n(mask.begin(), kFieldNames[i].size() + 1, '\xff');
    quoted[i] = {std::bit_cast<std::array<std::uint64_t, 2>>(bytes),
                 std::bit_cast<std::array<std::uint64_t, 2>>(mask)};
  }
  return quoted;
}();

/// Whether `text` goes on with the field's name and a closing quote. Sixteen bytes must be
/// readable.
inline bool begins_with_name(const char* text, Field field) noexcept {
  const QuotedName& name = kQuotedNames[static_cast<std::size_t>(field)];
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), text, sizeof(words));
  return (((words[0] ^ name.words[0]) & name.mask[0]) |
          ((words[1] ^ name.words[1]) & name.mask[1])) == 0;
}

}  // namespace tally::ingest
