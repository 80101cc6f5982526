#include "query/visible_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>

#include "model/utf8.h"

namespace tally::query {
namespace {

struct CodeRange {
  char32_t first;
  char32_t last;
};

// Beside C0 and C1: characters that act on the text around them instead of showing.
constexpr std::array kInvisible{
    CodeRange{0x00, 0x1F},     CodeRange{0x7F, 0x9F},     CodeRange{0x061C, 0x061C},
    CodeRange{0x200B, 0x200F}, CodeRange{0x2028, 0x202E}, CodeRange{0x2060, 0x206F},
    CodeRange{0xFEFF, 0xFEFF}, CodeRange{0xFFF9, 0xFFFB}, CodeRange{0xE0000, 0xE007F},
};

constexpr std::array kZeroWidth{
    CodeRange{0x0300, 0x036F}, CodeRange{0x0483, 0x0489}, CodeRange{0x0591, 0x05BD},
    CodeRange{0x0610, 0x061A}, CodeRange{0x064B, 0x065F}, CodeRange{0x20D0, 0x20F0},
    CodeRange{0xFE00, 0xFE0F}, CodeRange{0xFE20, 0xFE2F}, CodeRange{0xE0100, 0xE01EF},
};

constexpr std::array kWide{
    CodeRange{0x1100, 0x115F},   CodeRange{0x2E80, 0x303E},   CodeRange{0x3041, 0xA4CF},
    CodeRange{0xAC00, 0xD7A3},   CodeRange{0xF900, 0xFAFF},   CodeRange{0xFE30, 0xFE6F},
    CodeRange{0xFF00, 0xFF60},   CodeRange{0xFFE0, 0xFFE6},   CodeRange{0x1F300, 0x1F64F},
    CodeRange{0x1F680, 0x1F6FF}, CodeRange{0x1F900, 0x1F9FF}, CodeRange{0x20000, 0x3FFFD},
};

bool is_in(char32_t code, std::span<const CodeRange> ranges) noexcept {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](CodeRange range) { return code >= range.first && code <= range.last; });
}

/// The code point of a valid sequence of `length` bytes.
char32_t decode(std::string_view text, std::size_t length) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (length == 1) return byte(0);
  char32_t code = byte(0) & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (byte(i) & 0x3Fu);
  return code;
}

void append_hex(std::string& out, std::uint32_t value, std::size_t width_min) {
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  const auto count = static_cast<std::size_t>(end - digits.data());
  if (count < width_min) out.append(width_min - count, '0');
  out.append(digits.data(), count);
}

void append_escape(std::string& out, char32_t code) {
  if (code == '\n') {
    out += "\\n";
  } else if (code == '\t') {
    out += "\\t";
  } else if (code == '\r') {
    out += "\\r";
  } else if (code <= 0xFF) {
    out += "\\x";
    append_hex(out, code, 2);
  } else {
    out += "\\u{";
    append_hex(out, code, 4);
    out += '}';
  }
}

/// Length of the printable ASCII at the start of `text`, which is nearly all there ever is.
std::size_t plain_length(std::string_view text) noexcept {
  const auto* end =
      std::find_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; });
  return static_cast<std::size_t>(end - text.begin());
}

}  // namespace

void append_visible(std::string& out, std::string_view text) {
  while (true) {
    const std::size_t plain = plain_length(text);
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    const std::size_t length = utf8_length(text);
    const std::size_t taken = std::max<std::size_t>(length, 1);
    const char32_t code = length == 0 ? static_cast<unsigned char>(text[0]) : decode(text, length);
    if (length == 0 || is_in(code, kInvisible)) {
      append_escape(out, code);
    } else {
      out.append(text.substr(0, taken));
    }
    text.remove_prefix(taken);
  }
}

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (true) {
    const std::size_t plain = plain_length(text);
    width += plain;
    text.remove_prefix(plain);
    if (text.empty()) return width;
    const std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
    const char32_t code = decode(text, length);
    if (code < 0x300) {
      ++width;
    } else if (!is_in(code, kZeroWidth)) {
      width += is_in(code, kWide) ? 2 : 1;
    }
    text.remove_prefix(length);
  }
}

}  // namespace tally::query
