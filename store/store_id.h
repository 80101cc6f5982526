#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace tally::store {

/// A store's own name, a random UUID (RFC 9562 version 4) made at its creation.
struct StoreId {
  std::array<std::uint8_t, 16> bytes{};

  static StoreId random();
  friend bool operator==(const StoreId&, const StoreId&) = default;
};

/// "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
std::string to_string(const StoreId& id);

}  // namespace tally::store
