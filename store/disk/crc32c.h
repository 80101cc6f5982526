#pragma once

#include <cstdint>
#include <string_view>

namespace tally::store {

/// CRC-32C (Castagnoli; RFC 3720 section 12.1) of `bytes`. `seed` is the CRC of the bytes that came
/// before: crc32c("ab") == crc32c("b", crc32c("a")). Uses the processor's instruction where there
/// is one. Safe from any thread.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0) noexcept;

/// The same by table, on any processor; crc32c falls back to it.
std::uint32_t crc32c_portable(std::string_view bytes, std::uint32_t seed = 0) noexcept;

}  // namespace tally::store
