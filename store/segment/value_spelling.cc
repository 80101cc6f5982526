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

constexpr std::uint8_t kLowerLetter = 16;
constexpr std::uint8_t kUpperLetter = 32;
constexpr std::uint8_t kNoDigit = 64;

/// Value of a hex digit, and what kind of digit it is.
constexpr std::array<std::uint8_t, 256> kHexDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 10; ++i) digits['0' + i] = i;
  for (std::uint8_t i = 10; i < 16; ++i) {
    digits['a' + i - 10] = static_cast<std::uint8_t>(i | kLowerLetter);
    digits['A' + i - 10] = static_cast<std::uint8_t>(i | kUpperLetter);
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

/// Writes the digits that end before `end`; returns their begin. "0" has one.
char* write_backwards(char* end, std::uint64_t value) noexcept {
  for (; value >= 100; value /= 100) std::memcpy(end -= 2, &kPairs[2 * (value % 100)], 2);
  if (value >= 10) {
    std::memcpy(end -= 2, &kPairs[2 * value], 2);
  } else {
    *--end = static_cast<char>('0' + value);
  }
  return end;
}

constexpr std::size_t kLongestNumber = 20;  ///< digits of 2^64 - 1

/// The digits of a number, with as many bytes behind them as a copy of fixed length reads.
struct DigitBuffer {
  explicit DigitBuffer(std::uint64_t value) noexcept {
    bytes.fill('0');
    begin = write_backwards(end, value);
  }

  std::array<char, 2 * kLongestNumber + 24> bytes;
  char* const end = bytes.data() + kLongestNumber + 2;
  const char* begin;
};

char* write_unsigned(char* out, std::uint64_t value) noexcept {
  const DigitBuffer digits(value);
  std::memcpy(out, digits.begin, kLongestNumber);
  return out + (digits.end - digits.begin);
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
  if (text.size() > kDigitsMax + 1) return std::nullopt;
  std::uint64_t size = 0;
  std::size_t point = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      size = size * 10 + static_cast<std::uint64_t>(text[i] - '0');
    } else if (text[i] == '.' && point == text.size()) {
      point = i;
    } else {
      return std::nullopt;
    }
  }
  if (point == 0 || point + 1 >= text.size() || starts_with_zero(text.substr(0, point)) ||
      (negative && size == 0)) {
    return std::nullopt;
  }
  const std::size_t scale = text.size() - point - 1;
  return Decimal{with_sign(size, negative), static_cast<std::uint8_t>(scale),
                 scale > 1 && text.back() == '0'};
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
  // All digits first and the point put in afterwards: dividing by a power that is not a constant
  // takes longer than all the rest. The zeros in front are there already.
  const DigitBuffer text(magnitude(digits));
  const char* const point = text.end - scale;
  const char* const begin = std::min(text.begin, point - 1);
  std::memcpy(out, begin, kLongestNumber);
  out += point - begin;
  *out++ = '.';
  std::memcpy(out, point, kDigitsMax);
  return out + scale;
}

char* write_decimal(char* out, std::int64_t digits, unsigned scale) noexcept {
  char* end = write_fixed(out, digits, scale);
  while (end[-1] == '0' && end[-2] != '.') --end;
  return end;
}

bool is_hex(std::string_view text, HexCase letters) noexcept {
  const std::uint8_t wrong = letters == HexCase::lower ? kUpperLetter : kLowerLetter;
  std::uint8_t seen = 0;
  for (const char c : text) seen |= hex_digit(c);
  return text.size() % 2 == 0 && (seen & (wrong | kNoDigit)) == 0;
}

void append_hex_bytes(std::string& out, std::string_view hex) {
  const std::size_t begin = out.size();
  out.resize(begin + hex.size() / 2);
  for (std::size_t i = 0; i < hex.size() / 2; ++i) out[begin + i] = hex_byte(&hex[2 * i]);
}

char* write_hex(char* out, std::string_view bytes, HexCase letters) noexcept {
  const char* const pairs = kHexPairs[letters == HexCase::lower ? 0 : 1].data();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::memcpy(out + 2 * i, pairs + 2 * std::size_t{static_cast<unsigned char>(bytes[i])}, 2);
  }
  return out + 2 * bytes.size();
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
