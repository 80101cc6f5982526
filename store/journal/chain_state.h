#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/sequence.h"
#include "model/time.h"
#include "store/batch.h"

namespace tally::store {

struct CommitHeader;

/// Where the journal stands: all that the next commit, or the next file's header, goes on from.
struct ChainState {
  Sequence next = kFirstSequence;
  Sha256 last_core{};       ///< hash of the newest commit's core; zeros before the first
  UtcTime last_received{};  ///< receipt times never go back behind this
  std::map<std::string, std::string> checkpoints;  ///< newest state of every source

  /// Moves on by one valid commit.
  void apply(const CommitHeader& commit, const Sha256& core_hash);

  std::vector<SourceCheckpoint> checkpoint_list() const;
};

}  // namespace tally::store
