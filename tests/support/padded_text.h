#pragma once

#include <string>
#include <string_view>

#include "store/cursor.h"

namespace tally::tests {

/// A text with the readable bytes behind it that the readers rely on.
class PaddedText {
 public:
  explicit PaddedText(std::string_view text)
      : bytes_(std::string(text) + std::string(store::kChunkPadding, '\0')), size_(text.size()) {}

  std::string_view view() const { return std::string_view(bytes_).substr(0, size_); }

 private:
  std::string bytes_;
  std::size_t size_;
};

}  // namespace tally::tests
