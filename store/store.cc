#include "store/store.h"

#include <utility>

#include "store/committer.h"
#include "store/journal.h"
#include "store/paths.h"
#include "store/store_lock.h"

namespace tally::store {

/// In the order of construction: the committer ends before the journal closes, and the lock is
/// given back last.
struct Store::Parts {
  Parts(StoreLock held, std::unique_ptr<Journal> opened, std::size_t queue_bytes_max)
      : lock(std::move(held)), journal(std::move(opened)), committer(*journal, queue_bytes_max) {}

  StoreLock lock;
  std::unique_ptr<Journal> journal;
  Committer committer;
};

Result<std::unique_ptr<Store>> Store::open(FileSystem& files, const Clock& clock,
                                           const StoreOptions& options) {
  const StorePaths paths(options.directory);
  TALLY_TRY(files.create_directories(paths.directory));
  TALLY_TRY(auto lock, StoreLock::acquire(files, paths, options.address));
  TALLY_TRY(auto journal, Journal::open(files, clock, options));
  auto parts =
      std::make_unique<Parts>(std::move(lock), std::move(journal), options.queue_bytes_max);
  return std::unique_ptr<Store>(new Store(std::move(parts)));
}

Store::Store(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Store::~Store() = default;

void Store::submit(Batch batch, Committed done) {
  parts_->committer.submit(std::move(batch), std::move(done));
}

void Store::close() { parts_->committer.close(); }

Result<void> Store::set_address(std::string address) {
  return parts_->lock.set_address(std::move(address));
}

const StoreId& Store::id() const noexcept { return parts_->journal->id(); }

const RecoveryReport& Store::recovery() const noexcept { return parts_->journal->recovery(); }

std::vector<SourceCheckpoint> Store::checkpoints() const { return parts_->committer.checkpoints(); }

Sequence Store::next_sequence() const noexcept { return parts_->committer.next_sequence(); }

bool Store::healthy() const noexcept { return parts_->committer.healthy(); }

StoreStats Store::stats() const { return parts_->committer.stats(); }

}  // namespace tally::store
