#include "store/segment/message_template.h"

#include <algorithm>
#include <cstring>

#include "store/segment/segment_format.h"
#include "store/segment/value_spelling.h"

namespace tally::store {
namespace {

constexpr std::size_t kContainerLengthMin = 3;  ///< a shorter one is found by chance
constexpr std::size_t kIdLengthMin = 12;
constexpr std::size_t kIdLengthMax = 128;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_word(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t count_while(std::string_view text, bool (*belongs)(char)) noexcept {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), belongs) -
                                  text.begin());
}

bool is_id(std::string_view word) noexcept {
  return word.size() >= kIdLengthMin && word.size() <= kIdLengthMax && is_hex(word, HexCase::lower);
}

/// Puts the word's runs of digits into numbers where they are spelt as numbers are.
void put_word(std::string_view word, Message& message) {
  while (!word.empty()) {
    const std::size_t letters = count_while(word, [](char c) { return !is_digit(c); });
    message.pattern += word.substr(0, letters);
    word.remove_prefix(letters);
    const std::size_t digits = count_while(word, is_digit);
    if (const auto number = read_integer(word.substr(0, digits))) {
      message.pattern += kNumberMark;
      message.numbers.push_back(*number);
    } else {
      message.pattern += word.substr(0, digits);
    }
    word.remove_prefix(digits);
  }
}

}  // namespace

void Message::clear() {
  pattern.clear();
  numbers.clear();
  ids.clear();
}

bool take_apart(std::string_view text, std::string_view container, Message& message) {
  message.clear();
  if (container.size() < kContainerLengthMin) container = {};
  while (!text.empty()) {
    if (!container.empty() && text.starts_with(container)) {
      message.pattern += kContainerMark;
      text.remove_prefix(container.size());
    } else if (!is_word(text.front())) {
      if (static_cast<unsigned char>(text.front()) < 0x20) return false;
      message.pattern += text.front();
      text.remove_prefix(1);
    } else {
      const std::string_view word = text.substr(0, count_while(text, is_word));
      if (is_id(word)) {
        message.pattern += kIdMark;
        message.pattern += static_cast<char>(word.size() / 2);
        append_hex_bytes(message.ids, word);
      } else {
        put_word(word, message);
      }
      text.remove_prefix(word.size());
    }
  }
  return true;
}

bool read_needs(std::string_view pattern, PatternNeeds& needs) noexcept {
  needs = {};
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == kNumberMark) ++needs.numbers;
    if (c == kIdMark) {
      if (++i == pattern.size()) return false;
      needs.id_bytes += static_cast<unsigned char>(pattern[i]);
    }
  }
  return true;
}

std::size_t message_bytes_max(std::string_view pattern, const PatternNeeds& needs,
                              std::size_t container_bytes) noexcept {
  const auto containers =
      static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), kContainerMark));
  return pattern.size() + needs.numbers * kNumberBytesMax + 2 * std::size_t{needs.id_bytes} +
         containers * container_bytes;
}

char* write_message(char* out, std::string_view pattern, MessageValues& values) noexcept {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == kNumberMark) {
      out = write_integer(out, *values.numbers++);
    } else if (c == kIdMark) {
      const std::size_t bytes = static_cast<unsigned char>(pattern[++i]);
      out = write_hex(out, {values.ids, bytes}, HexCase::lower);
      values.ids += bytes;
    } else if (c == kContainerMark) {
      out = std::copy(values.container.begin(), values.container.end(), out);
    } else {
      *out++ = c;
    }
  }
  return out;
}

}  // namespace tally::store
