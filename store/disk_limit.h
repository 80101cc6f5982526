#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/store.h"

namespace tally::store {

/// Says whether the disk is too full for new events: from a used share on, and until it has become
/// one percent of the disk emptier. Logs when it changes its mind. Thread-safe.
class DiskLimit {
 public:
  /// Looks at once. With `percent_max` 100 there is no limit. `files` must outlive it.
  DiskLimit(FileSystem& files, Path directory, std::uint64_t percent_max);

  /// Looks at the disk. Where that fails, all stays as it was: a commit will tell.
  void look();

  bool refusing() const noexcept { return refusing_.load(); }

  /// What who brings an event is told, and what can be done: Errc::no_space.
  Error refusal() const;

  /// As of the last look.
  DiskStats stats() const;

 private:
  // Constant after construction.
  FileSystem& files_;
  const Path directory_;
  const std::uint64_t percent_max_;

  std::atomic<bool> refusing_{false};

  mutable std::mutex mutex_;
  DiskSpace space_;  ///< guarded by mutex_
};

}  // namespace tally::store
