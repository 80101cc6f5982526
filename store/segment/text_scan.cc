#include "store/segment/text_scan.h"

#include <simdjson.h>

#include <array>
#include <bit>
#include <cstring>
#include <iterator>

namespace tally::store {
namespace {

constexpr std::uint64_t repeated(char c) noexcept {
  return 0x0101010101010101U * static_cast<unsigned char>(c);
}

/// The first `c`; `end` if there is none.
/// PERF: most strings of events are shorter than a call of memchr takes. Eight bytes at a time: a
/// byte is zero where its high bit is set after subtracting one and was not before; only the lowest
/// such bit can be trusted, which is the one that counts.
const char* find(const char* at, const char* end, char c) noexcept {
  static_assert(std::endian::native == std::endian::little);
  for (; end - at >= 8; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    word ^= repeated(c);
    const std::uint64_t zeros = (word - repeated(1)) & ~word & repeated('\x80');
    if (zeros != 0) return at + std::countr_zero(zeros) / 8;
  }
  while (at != end && *at != c) ++at;
  return at;
}

constexpr std::array<bool, 256> kNumberCharacters = [] {
  std::array<bool, 256> belongs{};
  for (const char c : std::string_view("0123456789-+.eE")) {
    belongs[static_cast<unsigned char>(c)] = true;
  }
  return belongs;
}();

}  // namespace

const char* find_closing_quote(const char* begin, const char* end) noexcept {
  for (const char* quote = begin; (quote = find(quote, end, '"')) != end; ++quote) {
    const char* slash = quote;
    while (slash != begin && slash[-1] == '\\') --slash;
    if ((quote - slash) % 2 == 0) return quote;
  }
  return nullptr;
}

std::optional<std::string_view> next_string(std::string_view& text) noexcept {
  const char* const end = text.data() + text.size();
  const char* const open = find(text.data(), end, '"');
  if (open == end) return std::nullopt;
  const char* const close = find_closing_quote(open + 1, end);
  if (close == nullptr) return std::nullopt;
  text = {close + 1, end};
  return std::string_view(open + 1, close);
}

std::optional<std::string> unescaped(std::string_view written) {
  // Kept, because one costs more than what it is asked for.
  thread_local simdjson::dom::parser parser;
  std::string json = "\"";
  json += written;
  json += '"';
  std::string_view text;
  if (parser.parse(json).get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

bool stands_for(std::string_view written, std::string_view text) {
  if (written == text) return written.find('\\') == std::string_view::npos;
  // An escape is longer than what it stands for.
  if (written.size() <= text.size() || written.find('\\') == std::string_view::npos) return false;
  return unescaped(written) == text;
}

bool has_string_value(std::string_view json, std::string_view text) {
  while (const auto string = next_string(json)) {
    if (!stands_for(*string, text)) continue;
    const std::size_t next = json.find_first_not_of(" \t\r");
    if (next == std::string_view::npos || json[next] != ':') return true;
  }
  return false;
}

const char* find_number_end(const char* begin, const char* end) noexcept {
  while (begin != end && kNumberCharacters[static_cast<unsigned char>(*begin)]) ++begin;
  return begin;
}

std::optional<Truth> read_truth(std::string_view text) noexcept {
  for (std::size_t i = 0; i < std::size(kTruths); ++i) {
    if (text.starts_with(kTruths[i])) {
      return Truth{static_cast<std::int64_t>(i), kTruths[i].size()};
    }
  }
  return std::nullopt;
}

}  // namespace tally::store
