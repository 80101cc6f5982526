#pragma once

#include <cstdint>
#include <optional>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/journal/chain_state.h"
#include "store/journal/file_header.h"
#include "store/paths.h"
#include "store/store.h"

namespace tally::store {

/// What a journal holds that somebody else wrote, or a crash left.
struct RecoveredJournal {
  std::optional<FileHeader> newest;  ///< header of the newest file; none: there is no journal yet
  std::uint64_t last_number = 0;     ///< highest file number there is
  ChainState state;                  ///< what the next commit goes on from
  std::uint64_t end = 0;  ///< of the newest file: first byte behind its last valid commit
  bool reusable = false;  ///< the newest file holds its header and zeros, nothing else
  bool torn = false;      ///< bytes of an unfinished commit stand at `end`
  RecoveryReport report;
};

/// Reads the newest journal file, which alone is enough to go on. Writes nothing but syncs what a
/// killed process may have left in the page cache, so that nothing is built on bytes that a power
/// cut could still take away. The caller holds the store's lock.
///
/// A bad commit is corruption if it lies below the offset that `durable` names in its file, or
/// before a valid commit; else it is the torn tail of a write that was never acknowledged.
Result<RecoveredJournal> recover_journal(FileSystem& files, const StorePaths& paths);

}  // namespace tally::store
