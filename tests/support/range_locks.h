#pragma once

#include <cstdint>
#include <vector>

#include "store/disk/file_system.h"
#include "tests/support/memory_file.h"

namespace tally::tests {

/// The locks of all files of a FaultFileSystem, as Linux keeps those of open file descriptions: an
/// owner's own locks never conflict, and a new one replaces what it had of the range. Not
/// thread-safe.
class RangeLocks {
 public:
  /// False if another owner has a lock that does not go with this one.
  bool try_lock(const MemoryFile* file, std::uint64_t owner, const store::LockRange& range,
                store::LockKind kind);
  void unlock(const MemoryFile* file, std::uint64_t owner, const store::LockRange& range);
  bool locked_by_other(const MemoryFile* file, std::uint64_t owner) const;
  void clear() noexcept { locks_.clear(); }

 private:
  struct Lock {
    const MemoryFile* file;
    std::uint64_t owner;
    std::uint64_t first;
    std::uint64_t last;
    store::LockKind kind;
  };

  std::vector<Lock> locks_;
};

}  // namespace tally::tests
