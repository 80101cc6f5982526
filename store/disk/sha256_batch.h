#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/batch.h"

namespace tally::store {

/// A message of a batch, padded (FIPS 180-4, section 5.1.1).
struct PaddedMessage {
  std::size_t offset = 0;  ///< in the batch's bytes
  std::size_t blocks = 0;  ///< of 64 bytes
};

/// So many messages keep the lanes busy, and stay in the processor's cache.
inline constexpr std::size_t kHashedAtOnce = 128;

/// Messages that are hashed together: of many small ones, as leaves and nodes of a Merkle tree are,
/// each takes three fifths of the time that it takes alone, where the processor can hash several at
/// once (sha256_lanes.h). Not thread-safe.
class Sha256Batch {
 public:
  /// Adds a message: the parts one after the other.
  void add(std::initializer_list<std::string_view> parts);

  std::size_t size() const noexcept { return messages_.size(); }
  void clear() noexcept;

  /// The SHA-256 of each message, in order; valid until the next call. The batch is empty then.
  std::span<const Sha256> hash();

 private:
  std::string bytes_;
  std::size_t end_ = 0;  ///< of the messages in bytes_
  std::vector<PaddedMessage> messages_;
  std::vector<Sha256> hashes_;
};

/// What Sha256Batch::hash() does where the processor has no lanes: one message after the other.
/// `hashes` is as long as `messages`.
void sha256_singly(const char* bytes, std::span<const PaddedMessage> messages,
                   std::span<Sha256> hashes) noexcept;

}  // namespace tally::store
