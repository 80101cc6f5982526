#include "store/segment/value_spelling.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace tally::store {
namespace {

constexpr std::array<std::uint64_t, kDigitsMax + 1> kPowersOfTen = [] {
  std::array<std::uint64_t, kDigitsMax + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = 10 * powers[i - 1];
  return powers;
}();

/// "00", "01", … "99"
constexpr std::array<char, 200> kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

constexpr std::array<std::array<char, 512>, 2> kHexPairs = [] {
  std::array<std::array<char, 512>, 2> pairs{};
  constexpr std::array<std::string_view, 2> kDigits{"0123456789abcdef", "0123456789ABCDEF"};
  for (std::size_t letters = 0; letters < 2; ++letters) {
    for (std::size_t i = 0; i < 256; ++i) {
      pairs[letters][2 * i] = kDigits[letters][i / 16];
      pairs[letters][2 * i + 1] = kDigits[letters][i % 16];
    }
  }
  return pairs;
}();

/// Value of a hex digit; with 16 set for a letter, 32 for one in upper case; 255: it is none.
constexpr std::array<std::uint8_t, 256> kHexDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(255);
  for (std::uint8_t i = 0; i < 10; ++i) digits['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) {
    digits['a' + i] = static_cast<std::uint8_t>(10 + i + 16);
    digits['A' + i] = static_cast<std::uint8_t>(10 + i + 32);
  }
  return digits;
}();

std::uint8_t hex_digit(char c) noexcept { return kHexDigits[static_cast<unsigned char>(c)]; }

char hex_byte(const char* digits) noexcept {
  return static_cast<char>((hex_digit(digits[0]) & 15) << 4 | (hex_digit(digits[1]) & 15));
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The number that `text` is, all digits and at most kDigitsMax of them; else nothing.
std::optional<std::uint64_t> read_digits(std::string_view text) noexcept {
  if (text.empty() || text.size() > kDigitsMax) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

bool starts_with_zero(std::string_view digits) noexcept {
  return digits.size() > 1 && digits.front() == '0';
}

std::int64_t with_sign(std::uint64_t size, bool negative) noexcept {
  const auto value = static_cast<std::int64_t>(size);
  return negative ? -value : value;
}

std::uint64_t magnitude(std::int64_t value) noexcept {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? std::uint64_t{0} - bits : bits;
}

/// Writes `value` in `width` digits, zeros in front.
char* write_padded(char* out, std::uint64_t value, unsigned width) noexcept {
  unsigned at = width;
  for (; at >= 2; value /= 100) std::memcpy(out + (at -= 2), &kPairs[2 * (value % 100)], 2);
  if (at == 1) out[0] = static_cast<char>('0' + value % 10);
  return out + width;
}

char* write_unsigned(char* out, std::uint64_t value) noexcept {
  std::array<char, 20> digits;
  std::size_t at = digits.size();
  for (; value >= 100; value /= 100) std::memcpy(&digits[at -= 2], &kPairs[2 * (value % 100)], 2);
  if (value >= 10) {
    std::memcpy(&digits[at -= 2], &kPairs[2 * value], 2);
  } else {
    digits[--at] = static_cast<char>('0' + value);
  }
  std::memcpy(out, &digits[at], digits.size() - at);
  return out + (digits.size() - at);
}

}  // namespace

std::optional<std::int64_t> read_integer(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto size = read_digits(text);
  if (!size || starts_with_zero(text) || (negative && *size == 0)) return std::nullopt;
  return with_sign(*size, negative);
}

char* write_integer(char* out, std::int64_t value) noexcept {
  if (value < 0) *out++ = '-';
  return write_unsigned(out, magnitude(value));
}

std::optional<Decimal> read_decimal(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos || text.size() > kDigitsMax + 1) return std::nullopt;
  const std::string_view behind = text.substr(point + 1);
  const auto whole = read_digits(text.substr(0, point));
  const auto fraction = read_digits(behind);
  if (!whole || !fraction || starts_with_zero(text.substr(0, point))) return std::nullopt;
  const std::uint64_t size = *whole * kPowersOfTen[behind.size()] + *fraction;
  if (negative && size == 0) return std::nullopt;
  return Decimal{with_sign(size, negative), static_cast<std::uint8_t>(behind.size()),
                 behind.size() > 1 && behind.back() == '0'};
}

std::optional<std::int64_t> rescaled(const Decimal& decimal, unsigned scale) noexcept {
  if (scale < decimal.scale || scale > kDigitsMax) return std::nullopt;
  const std::uint64_t factor = kPowersOfTen[scale - decimal.scale];
  const std::uint64_t size = magnitude(decimal.digits);
  if (size >= kPowersOfTen[kDigitsMax] / factor) return std::nullopt;
  return with_sign(size * factor, decimal.digits < 0);
}

char* write_fixed(char* out, std::int64_t digits, unsigned scale) noexcept {
  if (digits < 0) *out++ = '-';
  const std::uint64_t size = magnitude(digits);
  out = write_unsigned(out, size / kPowersOfTen[scale]);
  *out++ = '.';
  return write_padded(out, size % kPowersOfTen[scale], scale);
}

char* write_decimal(char* out, std::int64_t digits, unsigned scale) noexcept {
  char* end = write_fixed(out, digits, scale);
  while (end[-1] == '0' && end[-2] != '.') --end;
  return end;
}

bool is_hex(std::string_view text, HexCase letters) noexcept {
  const std::uint8_t wrong = letters == HexCase::lower ? 32 : 16;
  std::uint8_t seen = 0;
  for (const char c : text) {
    const std::uint8_t digit = hex_digit(c);
    if (digit == 255) return false;
    seen |= digit;
  }
  return text.size() % 2 == 0 && (seen & wrong) == 0;
}

void append_hex_bytes(std::string& out, std::string_view hex) {
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out.push_back(hex_byte(&hex[i]));
}

char* write_hex(char* out, std::string_view bytes, HexCase letters) noexcept {
  const auto& pairs = kHexPairs[letters == HexCase::lower ? 0 : 1];
  for (const char byte : bytes) {
    std::memcpy(out, &pairs[2 * static_cast<std::size_t>(static_cast<unsigned char>(byte))], 2);
    out += 2;
  }
  return out;
}

namespace {

/// Bytes between the dashes of a UUID.
constexpr std::array<std::size_t, 5> kUuidGroups{4, 2, 2, 2, 6};

}  // namespace

bool is_uuid(std::string_view text) noexcept {
  if (text.size() != kUuidLength) return false;
  for (const std::size_t group : kUuidGroups) {
    if (!is_hex(text.substr(0, 2 * group), HexCase::lower)) return false;
    text.remove_prefix(2 * group);
    if (!text.empty() && text.front() != '-') return false;
    if (!text.empty()) text.remove_prefix(1);
  }
  return true;
}

void append_uuid_bytes(std::string& out, std::string_view uuid) {
  for (const std::size_t group : kUuidGroups) {
    append_hex_bytes(out, uuid.substr(0, 2 * group));
    uuid.remove_prefix(std::min(2 * group + 1, uuid.size()));
  }
}

char* write_uuid(char* out, std::string_view bytes) noexcept {
  for (const std::size_t group : kUuidGroups) {
    if (bytes.size() < kUuidBytes) *out++ = '-';
    out = write_hex(out, bytes.substr(0, group), HexCase::lower);
    bytes.remove_prefix(group);
  }
  return out;
}

}  // namespace tally::store
