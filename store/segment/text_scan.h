#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

/// Steps of reading JSON text that is known to be nearly valid. Safe from any thread.
namespace tally::store {

/// Whether `length` bytes are the same. For short texts, of which events are made, several times as
/// fast as calling memcmp.
inline bool same_bytes(const char* a, const char* b, std::size_t length) noexcept {
  const auto word = [](const char* at) {
    std::uint64_t bits;
    std::memcpy(&bits, at, sizeof bits);
    return bits;
  };
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (length < kWord) {
    for (std::size_t i = 0; i < length; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  // The last word first, overlapping the one before it: texts of one place often begin alike.
  if (word(a + length - kWord) != word(b + length - kWord)) return false;
  for (std::size_t i = 0; i + kWord < length; i += kWord) {
    if (word(a + i) != word(b + i)) return false;
  }
  return true;
}

/// The quote that ends a string, from a place behind its opening quote; nullptr if there is none.
const char* find_closing_quote(const char* begin, const char* end) noexcept;

/// The next string in `text`, without its quotes; `text` is what follows it then.
std::optional<std::string_view> next_string(std::string_view& text) noexcept;

/// What a string stands for that is written like this between its quotes, escapes undone (RFC 8259,
/// section 7). Nothing if an escape is wrong.
std::optional<std::string> unescaped(std::string_view written);

/// Whether it stands for `text`.
bool stands_for(std::string_view written, std::string_view text);

/// Whether a value of the JSON text, at any depth, is a string that stands for `text`; keys do not
/// count.
bool has_string_value(std::string_view json, std::string_view text);

/// Where the characters end that numbers are made of.
const char* find_number_end(const char* begin, const char* end) noexcept;

/// One of false, true and null, numbered in this order.
struct Truth {
  std::int64_t number = 0;
  std::size_t length = 0;
};
inline constexpr std::string_view kTruths[] = {"false", "true", "null"};

/// What `text` begins with, if it is one of them.
std::optional<Truth> read_truth(std::string_view text) noexcept;

}  // namespace tally::store
