#include "store/disk/sha256.h"

#include <openssl/sha.h>

// PERF: EVP looks up what it has already looked up: 40 ns a call, which is a quarter of the hash of
// a Merkle tree's node, and an event has two. The older functions are the same code beneath.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tally::store {

static_assert(sizeof(Sha256) == SHA256_DIGEST_LENGTH);

Sha256 sha256_of(std::span<const std::string_view> parts) noexcept {
  SHA256_CTX running;
  SHA256_Init(&running);
  for (const std::string_view part : parts) SHA256_Update(&running, part.data(), part.size());
  Sha256 hash;
  SHA256_Final(reinterpret_cast<unsigned char*>(hash.data()), &running);
  return hash;
}

Sha256 sha256_of(std::string_view bytes) noexcept { return sha256_of({&bytes, 1}); }

}  // namespace tally::store
