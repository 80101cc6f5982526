#pragma once

#include <string>
#include <string_view>

namespace tally::query {

/// A text to look for in many short lines. Immutable; safe from any thread.
class Needle {
 public:
  explicit Needle(std::string text);

  bool is_in(std::string_view line) const noexcept;
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::size_t rare_ = 0;  // index of the character that is looked for first
};

}  // namespace tally::query
