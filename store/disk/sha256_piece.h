#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "store/batch.h"

namespace tally::store {

/// Bytes that are hashed in one piece, again and again, each time with other content. As
/// sha256_of(), but padded where they lie (FIPS 180-4, section 5.1.1): nothing is copied, and every
/// block is taken in one call. Not thread-safe.
class Sha256Piece {
 public:
  /// What is there of the content; to be changed in place. Valid until the next call.
  char* data() noexcept { return bytes_.data(); }
  std::size_t size() const noexcept { return size_; }

  /// Cuts the content off behind `size` bytes, which have to be there.
  void cut(std::size_t size) noexcept { size_ = size; }

  /// Adds to the content.
  void append(std::string_view bytes);

  /// Of the content.
  Sha256 hash();

 private:
  std::string bytes_;  ///< the content, and room for its padding
  std::size_t size_ = 0;
};

}  // namespace tally::store
