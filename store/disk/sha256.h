#pragma once

#include <span>
#include <string_view>

#include "store/batch.h"

namespace tally::store {

/// SHA-256 (FIPS 180-4). Safe from any thread; allocates nothing.
Sha256 sha256_of(std::string_view bytes) noexcept;

/// Of all parts, one after the other.
Sha256 sha256_of(std::span<const std::string_view> parts) noexcept;

}  // namespace tally::store
