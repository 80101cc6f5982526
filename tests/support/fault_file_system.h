#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "store/disk/file_system.h"
#include "tests/support/fault_plan.h"
#include "tests/support/memory_directory.h"
#include "tests/support/range_locks.h"

namespace tally::tests {

/// A file system in memory that can fail at any operation and lose what a power cut can lose (see
/// MemoryFile and MemoryDirectory). Relative paths begin at the root, which exists. Thread-safe.
class FaultFileSystem final : public store::FileSystem {
 public:
  FaultFileSystem();

  Result<std::unique_ptr<store::File>> open(const store::Path& path, store::OpenMode mode) override;
  Result<void> rename(const store::Path& from, const store::Path& to) override;
  Result<void> remove(const store::Path& path) override;
  Result<void> create_directories(const store::Path& path) override;
  Result<void> sync_directory(const store::Path& directory) override;
  Result<std::vector<std::string>> list(const store::Path& directory) override;
  Result<bool> exists(const store::Path& path) override;
  Result<store::DiskSpace> space(const store::Path& directory) override;

  /// What space() says from now on; what is written has no effect on it. At first it is unknown.
  void set_space(const store::DiskSpace& space);

  /// Replaces the fault that is set, if any; none: nothing goes wrong any more. A crash that has
  /// happened stays.
  void set_fault(std::optional<Fault> fault);

  /// The power is cut and comes back: what was not synced may be lost, as `random` decides. Files
  /// that are open give errors from now on, locks are gone, the fault is cleared. Whatever used the
  /// file system should have ended: it could still open files.
  void crash(std::mt19937_64& random);

  /// What crash() might make of this, as a file system of its own; this one stays as it is. So one
  /// run can be looked at after many crashes.
  std::unique_ptr<FaultFileSystem> after_crash(std::mt19937_64& random) const;

  /// The process dies and another one starts: as crash(), but nothing that was written is lost.
  void kill();

  /// Whether a FaultKind::crash has happened and neither crash() nor kill() came after it.
  bool down() const;

  /// All operations so far, failed ones included.
  std::uint64_t operations() const;
  std::vector<Operation> trace() const;

 private:
  class OpenFile;

  struct Location {
    std::shared_ptr<MemoryDirectory> directory;  ///< null: it does not exist
    std::string name;

    MemoryEntry find() const;
  };

  Location locate(const store::Path& path) const;
  std::shared_ptr<MemoryDirectory> find_directory(const store::Path& path) const;
  Result<void> begin(const Operation& operation);
  Result<void> create_directory(const store::Path& path);
  Result<void> sync_names(const store::Path& directory);
  void restart();

  mutable std::mutex mutex_;  ///< guards all below, and the files
  std::shared_ptr<MemoryDirectory> root_;
  store::DiskSpace space_;
  FaultPlan plan_;
  std::uint64_t life_ = 0;  ///< counts crashes and kills: files opened in an earlier life are dead
  std::uint64_t files_opened_ = 0;
  RangeLocks locks_;  ///< by the number of the open file that has them
};

}  // namespace tally::tests
