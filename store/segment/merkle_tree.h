#pragma once

#include <cstdint>
#include <vector>

#include "store/batch.h"
#include "store/disk/sha256_piece.h"

namespace tally::store {

/// The Merkle tree of RFC 6962, section 2.1, built leaf by leaf in memory that grows with the
/// logarithm of their number. Leaves and inner nodes hash with a different first byte, so that
/// neither can pass for the other. Not thread-safe.
class MerkleTree {
 public:
  /// What a leaf begins with, before its content.
  static constexpr char kLeafPrefix = 0x00;

  /// Adds a leaf by its hash, which is that of kLeafPrefix and its content.
  void add(Sha256 leaf);

  /// The root over all leaves so far; of none, the hash of nothing.
  Sha256 root();

  void clear() noexcept;

 private:
  Sha256 join(const Sha256& left, const Sha256& right);

  std::uint64_t leaves_ = 0;
  Sha256Piece node_;              ///< what join() hashes
  std::vector<Sha256> complete_;  ///< roots of the complete subtrees, one per bit set in leaves_
};

}  // namespace tally::store
