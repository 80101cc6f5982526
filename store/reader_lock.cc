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

RemovalLock::RemovalLock(std::unique_ptr<File> file) : file_(std::move(file)) {}

Result<RemovalLock> RemovalLock::open(FileSystem& files, const StorePaths& paths) {
  TALLY_TRY(auto file, files.open(paths.readers(), OpenMode::open_or_create));
  return RemovalLock(std::move(file));
}

Result<bool> RemovalLock::try_take(std::uint64_t number) {
  return file_->try_lock_range({number, 1}, LockKind::exclusive);
}

Result<void> RemovalLock::release(std::uint64_t number) { return file_->unlock_range({number, 1}); }

}  // namespace tally::store
