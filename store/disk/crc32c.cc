#include "store/disk/crc32c.h"

#include <isa-l/crc.h>

#include <algorithm>

namespace tally::store {

std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed) noexcept {
  constexpr std::size_t kPieceMax = std::size_t{1} << 30;  // The library takes an int.
  std::uint32_t crc = ~seed;
  while (!bytes.empty()) {
    const std::size_t piece = std::min(bytes.size(), kPieceMax);
    // It only reads, whatever its type says.
    auto* const data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
    crc = crc32_iscsi(data, static_cast<int>(piece), crc);
    bytes.remove_prefix(piece);
  }
  return ~crc;
}

}  // namespace tally::store
