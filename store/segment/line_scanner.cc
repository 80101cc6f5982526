#include "store/segment/line_scanner.h"

#include <cstddef>

namespace tally::store {

bool LineScanner::skip(std::string_view word) noexcept {
  if (!std::string_view(at_, end_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

std::optional<std::string_view> LineScanner::string() noexcept {
  if (!skip('"')) return std::nullopt;
  const char* const quote = find_closing_quote(at_, end_);
  if (quote == nullptr) return std::nullopt;
  const std::string_view text(at_, quote);
  at_ = quote + 1;
  return text;
}

std::string_view LineScanner::number() noexcept {
  const char* const begin = at_;
  at_ = find_number_end(at_, end_);
  return {begin, at_};
}

std::optional<Truth> LineScanner::truth() noexcept {
  const auto which = read_truth({at_, end_});
  if (which) at_ += which->length;
  return which;
}

std::optional<std::string_view> LineScanner::nested() noexcept {
  const char* const begin = at_;
  std::size_t open = 0;
  while (at_ != end_) {
    const char c = *at_;
    if (c == '"') {
      if (!string()) return std::nullopt;
      continue;
    }
    ++at_;
    if (c == '{' || c == '[') ++open;
    if ((c == '}' || c == ']') && --open == 0) return std::string_view(begin, at_);
  }
  return std::nullopt;
}

}  // namespace tally::store
