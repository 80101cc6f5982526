#pragma once

#include <cstddef>
#include <vector>

#include "store/batch.h"
#include "store/disk/sha256_batch.h"

namespace tally::store {

/// The Merkle tree of RFC 6962, section 2.1, over the events of one block. Leaves and inner nodes
/// hash with a different first byte, so that neither can pass for the other. Keeps 32 bytes for
/// each leaf. Not thread-safe.
class MerkleTree {
 public:
  /// What a leaf begins with, before its content.
  static constexpr char kLeafPrefix = 0x00;

  /// Adds a leaf by its hash, which is that of kLeafPrefix and its content.
  void add(const Sha256& leaf) { leaves_.push_back(leaf); }

  /// The root over all leaves so far; of none, the hash of nothing.
  Sha256 root();

  void clear() noexcept { leaves_.clear(); }

 private:
  void join_level();

  std::vector<Sha256> leaves_;
  std::vector<Sha256> level_;  ///< of the tree, from the leaves up
  Sha256Batch nodes_;
};

}  // namespace tally::store
