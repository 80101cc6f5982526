#include "store/reader_lock.h"

#include <utility>

namespace tally::store {

ReaderLock::ReaderLock(std::unique_ptr<File> file) : file_(std::move(file)) {}

Result<ReaderLock> ReaderLock::open(FileSystem& files, const StorePaths& paths) {
  auto file = files.open(paths.readers(), OpenMode::read);
  if (!file && file.error().code != Errc::not_found) return file.error();
  return ReaderLock(file ? std::move(file).value() : nullptr);
}

/// All numbers to come, too: who reads on must not find that what it comes to next was sealed and
/// removed meanwhile.
Result<bool> ReaderLock::hold_from(std::uint64_t first) {
  if (!file_) return true;
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
