#include "ingest/array_splitter.h"

#include <algorithm>

namespace tally::ingest {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::size_t kNone = std::string_view::npos;

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
  return std::min(text.find_first_not_of(kBlanks, at), text.size());
}

/// Behind the closing quote of the string at `begin`.
std::size_t string_end(std::string_view text, std::size_t begin) noexcept {
  // One loop instead of find_first_of(), which calls a function for each byte.
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return kNone;
}

}  // namespace

std::size_t value_end(std::string_view text, std::size_t begin) noexcept {
  const char first = text[begin];
  if (first == '"') return string_end(text, begin);
  if (first != '{' && first != '[') {
    return std::max(begin + 1, std::min(text.find_first_of(" \t\r\n,]}", begin), text.size()));
  }
  std::size_t depth = 0;
  for (std::size_t at = begin; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = string_end(text, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (depth == 0) return at;
  }
  return kNone;
}

std::optional<ArrayElement> ArraySplitter::next() noexcept {
  at_ = skip_blanks(text_, at_);
  if (expect_ == Expect::nothing) return std::nullopt;
  if (at_ == text_.size()) return end_of_text();
  if (expect_ == Expect::comma_or_end) {
    if (text_[at_] == ']') return finish();
    if (text_[at_] != ',') return take(ArrayFlaw::missing_comma);
    expect_ = Expect::element;
    at_ = skip_blanks(text_, at_ + 1);
    if (at_ == text_.size()) return end_of_text();
  }
  if (text_[at_] == ']' && expect_ == Expect::element_or_end) return finish();
  if (text_[at_] == ']' || text_[at_] == ',') {
    expect_ = Expect::comma_or_end;
    return ArrayElement{at_, at_, ArrayFlaw::missing_element};
  }
  return take(ArrayFlaw::none);
}

/// The element that begins here. One that does not end takes the rest, and tells of itself.
ArrayElement ArraySplitter::take(ArrayFlaw flaw) noexcept {
  const std::size_t begin = at_;
  const std::size_t end = value_end(text_, begin);
  at_ = std::min(end, text_.size());
  expect_ = end == kNone ? Expect::nothing : Expect::comma_or_end;
  return {begin, at_, flaw};
}

/// At the closing bracket.
std::optional<ArrayElement> ArraySplitter::finish() noexcept {
  expect_ = Expect::nothing;
  at_ = skip_blanks(text_, at_ + 1);
  if (at_ == text_.size()) return std::nullopt;
  return ArrayElement{at_, text_.size(), ArrayFlaw::text_behind};
}

std::optional<ArrayElement> ArraySplitter::end_of_text() noexcept {
  expect_ = Expect::nothing;
  return ArrayElement{text_.size(), text_.size(), ArrayFlaw::unclosed};
}

}  // namespace tally::ingest
