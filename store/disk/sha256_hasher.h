#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "store/batch.h"

namespace tally::store {

/// Computes SHA-256. One per thread: it keeps the digest and one context, because looking the
/// digest up on every call halves the rate on short inputs.
class Sha256Hasher {
 public:
  Sha256Hasher();
  ~Sha256Hasher();
  Sha256Hasher(Sha256Hasher&&) noexcept;
  Sha256Hasher& operator=(Sha256Hasher&&) noexcept;

  /// The hash of all parts, one after the other.
  Sha256 hash(std::span<const std::string_view> parts);
  Sha256 hash(std::string_view bytes);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace tally::store
