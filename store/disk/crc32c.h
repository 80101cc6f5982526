#pragma once

#include <cstdint>
#include <string_view>

namespace tally::store {

/// CRC-32C (Castagnoli; RFC 3720 section 12.1) of `bytes`. `seed` is the CRC of the bytes that came
/// before: crc32c("ab") == crc32c("b", crc32c("a")). Safe from any thread.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0) noexcept;

}  // namespace tally::store
