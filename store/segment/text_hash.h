#pragma once

#include <cstdint>
#include <string_view>

namespace tally::store {

/// A 64-bit hash of a text; fast, not keyed, and on disk: the needle filter is made of it.
/// docs/format/segment.md has its definition.
std::uint64_t text_hash(std::string_view text) noexcept;

/// What the needle filter knows a string by that is written like this between its quotes: the hash
/// of what it stands for, so that it is found however it is spelled.
std::uint64_t needle_hash(std::string_view written);

/// Spreads 64 bits over 64 bits, one to one.
constexpr std::uint64_t mixed(std::uint64_t bits) noexcept {
  bits = (bits ^ (bits >> 33)) * 0xFF51AFD7ED558CCDU;
  bits = (bits ^ (bits >> 33)) * 0xC4CEB9FE1A85EC53U;
  return bits ^ (bits >> 33);
}

}  // namespace tally::store
