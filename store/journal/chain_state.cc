#include "store/journal/chain_state.h"

#include <algorithm>

#include "store/journal/commit_header.h"

namespace tally::store {

void ChainState::apply(const CommitHeader& commit, const Sha256& core_hash) {
  last_core = core_hash;
  next = commit.first;
  for (const Run& run : commit.runs) {
    next = advance(next, run.count);
    last_received = std::max(last_received, run.received);
  }
  for (const SourceCheckpoint& checkpoint : commit.checkpoints) {
    if (checkpoint.state.empty()) {
      checkpoints.erase(checkpoint.source);
    } else {
      checkpoints[checkpoint.source] = checkpoint.state;
    }
  }
}

std::vector<SourceCheckpoint> ChainState::checkpoint_list() const {
  std::vector<SourceCheckpoint> list;
  list.reserve(checkpoints.size());
  for (const auto& [source, state] : checkpoints) list.push_back({source, state});
  return list;
}

}  // namespace tally::store
