#pragma once

#include <cstddef>
#include <span>

#include "store/batch.h"
#include "store/disk/sha256_batch.h"

namespace tally::store {

/// How many messages are hashed at once.
inline constexpr std::size_t kSha256Lanes = 16;

/// Whether this processor can: it takes AVX-512 (F and BW).
bool has_sha256_lanes() noexcept;

/// SHA-256 (FIPS 180-4) of many messages, in as many lanes; as sha256_singly(). Only where
/// has_sha256_lanes().
///
/// It is here because no library hashes many messages at once: OpenSSL takes one, and so does, for
/// plain SHA-256, the one made for many (intel-ipsec-mb 1.3 took as long as OpenSSL).
void sha256_in_lanes(const char* bytes, std::span<const PaddedMessage> messages,
                     std::span<Sha256> hashes) noexcept;

}  // namespace tally::store
