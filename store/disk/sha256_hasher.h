#pragma once

#include <span>
#include <string_view>

#include "store/batch.h"

namespace tally::store {

/// Computes SHA-256 (FIPS 180-4). Stateless.
class Sha256Hasher {
 public:
  /// The hash of all parts, one after the other.
  Sha256 hash(std::span<const std::string_view> parts) const noexcept;
  Sha256 hash(std::string_view bytes) const noexcept;
};

}  // namespace tally::store
