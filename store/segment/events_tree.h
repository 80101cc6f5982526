#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/provenance.h"
#include "model/sequence.h"
#include "store/disk/sha256_batch.h"
#include "store/segment/merkle_tree.h"

namespace tally::store {

/// The tree over a block's events, whose root is its events_root. A leaf is an event's sequence,
/// time of receipt, kind and offset of the source, its names, the line. docs/format/segment.md. Not
/// thread-safe.
class EventsTree {
 public:
  /// The events that follow are of `run`.
  void begin_run(const Run& run);

  /// Adds an event; `line` is without its LF.
  void add(Sequence sequence, std::uint64_t offset, std::string_view line);

  /// The root over all events so far.
  Sha256 root();

  /// Takes all events out. The run goes on.
  void clear() noexcept;

 private:
  void hash_leaves();

  std::string head_;  ///< of a leaf: what is before the line
  Sha256Batch leaves_;
  MerkleTree tree_;
};

}  // namespace tally::store
