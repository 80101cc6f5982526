#pragma once

#include <cstdint>
#include <memory>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/paths.h"

namespace tally::store {

/// A reader's hold on the files of a store, from a number on: as long as it lasts, retention lets
/// them be. Byte n of DIR/READERS stands for segment and journal file n; locks on it end with the
/// process, however that ends. Not thread-safe.
class ReaderLock {
 public:
  /// Holds nothing yet, and never creates anything. `files` must outlive the lock.
  ReaderLock(FileSystem& files, const StorePaths& paths);

  /// Holds `first` (from 1) and all after it, and nothing before it. False: one of them is just
  /// being removed, and what was held before is still held. Where there is no READERS, as in a copy
  /// of a store on a medium that cannot be written, nobody removes anything: true.
  Result<bool> hold_from(std::uint64_t first);

 private:
  FileSystem* files_;
  Path path_;
  std::unique_ptr<File> file_;  ///< none: there was no READERS yet
};

/// Retention's side: who removes a file takes its number first. Not thread-safe.
class RemovalLock {
 public:
  /// Creates READERS if it is missing. The caller holds the store's lock. `files` must outlive it.
  static Result<RemovalLock> open(FileSystem& files, const StorePaths& paths);

  /// False: a reader holds `number`. Else readers are kept off until release().
  Result<bool> try_take(std::uint64_t number);
  void release(std::uint64_t number);

 private:
  RemovalLock(FileSystem& files, Path path);
  Result<void> open();

  FileSystem* files_;
  Path path_;
  std::unique_ptr<File> file_;  ///< none after a failure: opened again when it is needed
};

}  // namespace tally::store
