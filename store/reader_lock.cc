#include "store/reader_lock.h"

#include <utility>

namespace tally::store {

ReaderLock::ReaderLock(FileSystem& files, const StorePaths& paths)
    : files_(&files), path_(paths.readers()) {}

/// All numbers to come, too: who reads on must not find that what it comes to next was sealed and
/// removed meanwhile.
Result<bool> ReaderLock::hold_from(std::uint64_t first) {
  if (!file_) {
    auto opened = files_->open(path_, OpenMode::read);
    if (!opened && opened.error().code == Errc::not_found) return true;
    TALLY_TRY(file_, std::move(opened));
  }
  TALLY_TRY(const bool held, file_->try_lock_range({first, 0}, LockKind::shared));
  if (!held) return false;
  TALLY_TRY(file_->unlock_range({0, first}));
  return true;
}

RemovalLock::RemovalLock(FileSystem& files, Path path) : files_(&files), path_(std::move(path)) {}

Result<RemovalLock> RemovalLock::open(FileSystem& files, const StorePaths& paths) {
  RemovalLock lock(files, paths.readers());
  TALLY_TRY(lock.open());
  return lock;
}

Result<void> RemovalLock::open() {
  TALLY_TRY(file_, files_->open(path_, OpenMode::open_or_create));
  return ok();
}

Result<bool> RemovalLock::try_take(std::uint64_t number) {
  if (!file_) {
    TALLY_TRY(open());
  }
  return file_->try_lock_range({number, 1}, LockKind::exclusive);
}

/// A lock that could not be given back would keep readers from starting. Closing the file gives
/// back whatever it had.
void RemovalLock::release(std::uint64_t number) {
  if (!file_->unlock_range({number, 1})) file_.reset();
}

}  // namespace tally::store
