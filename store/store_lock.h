#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/paths.h"

namespace tally::store {

/// Who writes into a store, as the file LOCK names it.
struct LockHolder {
  std::uint64_t pid = 0;  ///< 0: it has not said so yet
  std::string address;    ///< where it takes events; empty: nowhere

  friend bool operator==(const LockHolder&, const LockHolder&) = default;
};

/// The right to write into a store, held by one open file at a time until this object goes or its
/// process ends, however it ends. The file itself is never deleted: whoever had it open would lock
/// a file that nobody else can see. Not thread-safe.
class StoreLock {
 public:
  /// Takes the lock of an existing store directory and names this process and `address`
  /// ("127.0.0.1:7514", or empty) in it. Errc::held if another has it; the context then names the
  /// holder and says what to do. `files` must outlive the lock.
  static Result<StoreLock> acquire(FileSystem& files, const StorePaths& paths, std::string address);

  /// Names another address, such as the port that the system chose.
  Result<void> set_address(std::string address);

 private:
  explicit StoreLock(std::unique_ptr<File> file);

  std::unique_ptr<File> file_;
};

/// Who holds the store, or nothing if nobody does. Takes no lock and creates nothing. Right after a
/// change of holders the name can be missing (pid 0).
Result<std::optional<LockHolder>> find_holder(FileSystem& files, const StorePaths& paths);

}  // namespace tally::store
