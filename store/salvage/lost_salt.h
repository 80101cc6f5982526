#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/result.h"
#include "store/disk/file_system.h"

namespace tally::store {

/// The seed from which crc32c(bytes, seed) comes to `crc`: CRCs can be run backwards.
std::uint32_t crc32c_seed_of(std::string_view bytes, std::uint32_t crc) noexcept;

/// A salt whose crc_seed() is `seed`.
std::uint64_t salt_of_seed(std::uint32_t seed) noexcept;

/// The salt of a journal file whose header is lost, or one with the same seed, which is all that
/// reading needs: worked out from the commits. Nothing: the file has no whole commit header.
Result<std::optional<std::uint64_t>> find_lost_salt(File& file);

}  // namespace tally::store
