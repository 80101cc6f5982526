#pragma once

#include <optional>
#include <string_view>

#include "store/segment/text_scan.h"

namespace tally::store {

/// Goes through the JSON text of a line that is known to be nearly valid. Each step leaves it
/// behind what it has read; a step that finds something else may leave it anywhere. Views into the
/// line.
class LineScanner {
 public:
  explicit LineScanner(std::string_view line = {}) noexcept
      : at_(line.data()), end_(line.data() + line.size()) {}

  /// Where the next byte is.
  const char* position() const noexcept { return at_; }
  const char* end() const noexcept { return end_; }
  bool at_end() const noexcept { return at_ == end_; }
  bool at(char c) const noexcept { return at_ != end_ && *at_ == c; }

  void skip_blanks() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }
  bool skip(char c) noexcept {
    if (!at(c)) return false;
    ++at_;
    return true;
  }
  bool skip(std::string_view word) noexcept;

  /// A string, without its quotes.
  std::optional<std::string_view> string() noexcept;
  /// The characters that numbers are made of; none, if there is no number.
  std::string_view number() noexcept;
  std::optional<Truth> truth() noexcept;
  /// An object or array, whole.
  std::optional<std::string_view> nested() noexcept;

 private:
  const char* at_;
  const char* end_;
};

}  // namespace tally::store
