#include "ingest/json_escapes.h"

#include <algorithm>
#include <cstdint>

namespace tally::ingest {
namespace {

constexpr std::uint32_t kNoUnit = 0xFFFFFFFF;

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The UTF-16 unit of the \uXXXX at the start of `text`; kNoUnit if there is none.
std::uint32_t utf16_unit(std::string_view text) noexcept {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return kNoUnit;
  std::uint32_t unit = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0) return kNoUnit;
    unit = unit * 16 + static_cast<std::uint32_t>(digit);
  }
  return unit;
}

bool is_high_surrogate(std::uint32_t unit) noexcept { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_surrogate(std::uint32_t unit) noexcept { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// What the character behind a backslash means; 0 if nothing.
char plain_escape(char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

/// Length of the escape at the start of `text`, and what is wrong with it.
std::size_t measure_escape(std::string_view text, EscapeFlaw& flaw) noexcept {
  if (text.size() < 2) {
    flaw = EscapeFlaw::unknown;
    return text.size();
  }
  if (text[1] != 'u') {
    if (plain_escape(text[1]) == 0) flaw = EscapeFlaw::unknown;
    return 2;
  }
  const std::uint32_t unit = utf16_unit(text);
  if (unit == kNoUnit) {
    flaw = EscapeFlaw::short_unicode;
    return 2;
  }
  if (is_low_surrogate(unit)) flaw = EscapeFlaw::lone_surrogate;
  if (!is_high_surrogate(unit)) return 6;
  if (!is_low_surrogate(utf16_unit(text.substr(6)))) {
    flaw = EscapeFlaw::lone_surrogate;
    return 6;
  }
  return 12;
}

}  // namespace

EscapeCheck check_escapes(std::string_view text) noexcept {
  EscapeCheck check;
  std::size_t at = text.find('\\');
  while (at != std::string_view::npos) {
    const std::size_t length = measure_escape(text.substr(at), check.flaw);
    if (check.flaw != EscapeFlaw::none) {
      check.offset = at;
      return check;
    }
    at = text.find('\\', at + length);
  }
  return check;
}

void append_unescaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('\\'), text.size());
    out.append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    if (text[1] != 'u') {
      out += plain_escape(text[1]);
      text.remove_prefix(2);
      continue;
    }
    std::uint32_t code = utf16_unit(text);
    text.remove_prefix(6);
    if (is_high_surrogate(code)) {
      code = 0x10000 + ((code - 0xD800) << 10) + (utf16_unit(text) - 0xDC00);
      text.remove_prefix(6);
    }
    append_utf8(out, code);
  }
}

std::size_t count_code_points(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace tally::ingest
