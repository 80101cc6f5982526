#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "model/result.h"
#include "store/batch.h"
#include "store/disk/file_system.h"
#include "store/journal/durable_limit.h"
#include "store/journal/journal_cut.h"
#include "store/journal/journal_reader.h"
#include "store/paths.h"
#include "store/rejected/rejected_file.h"
#include "store/store.h"
#include "store/store_listing.h"

namespace tally::store {

/// Goes through what a store refused, in the order of the commits: the files of those journal files
/// that are sealed, then the journal as far as it is durable. It may be written and sealed
/// meanwhile; what is refused after open() may be missing. One thread at a time.
class RefusedWalk {
 public:
  /// Errc::not_found if `directory` holds no store. `files` must outlive the walk.
  static Result<RefusedWalk> open(FileSystem& files, const Path& directory);

  /// Refused events of one commit, some at least, or nothing at the end. Damage is passed over, and
  /// told by corrupt().
  Result<std::optional<std::vector<RefusedEvent>>> next();

  const std::vector<CorruptRange>& corrupt() const noexcept { return corrupt_; }

 private:
  using Events = std::vector<RefusedEvent>;

  RefusedWalk(FileSystem& files, StorePaths paths);

  Result<void> list();
  Result<bool> enter_next();
  Result<bool> enter_journal(std::uint64_t number);
  Result<bool> enter_rejected(std::uint64_t number);
  Result<Events> next_rejected();
  Result<Events> next_in_journal();
  void note_damage(const Path& path);

  FileSystem* files_;
  StorePaths paths_;
  StoreListing listing_;
  DurableLimit limit_;
  std::set<std::uint64_t> numbers_;  ///< of the files that are still to be read
  std::optional<RejectedFileReader> rejected_;
  std::optional<JournalReader> journal_;
  std::optional<JournalCut> cut_;
  std::vector<CorruptRange> corrupt_;
};

}  // namespace tally::store
