#include "store/store.h"

#include <atomic>
#include <utility>

#include "store/disk_limit.h"
#include "store/journal/committer.h"
#include "store/journal/journal.h"
#include "store/paths.h"
#include "store/reader_lock.h"
#include "store/seal_recovery.h"
#include "store/sealer.h"
#include "store/store_listing.h"
#include "store/store_lock.h"

namespace tally::store {

namespace {

/// Where segments say that there were journal files, and there are none, a new journal would begin
/// with sequences that have been given already.
Result<void> check_journal_is_there(FileSystem& files, const StorePaths& paths) {
  TALLY_TRY(const auto journals, list_journals(files, paths));
  if (!journals.empty()) return ok();
  TALLY_TRY(const StoreListing listing, list_store(files, paths));
  if (listing.empty() && listing.manifest.removed.through == 0) return ok();
  return Error{Errc::corruption,
               paths.journal().string() + " is empty, and there are segments: files are missing"};
}

}  // namespace

/// In the order of construction: the committer ends first, since it calls the sealer, and the lock
/// is given back last.
struct Store::Parts {
  Parts(FileSystem& files, const Clock& clock, const StoreOptions& options, StoreLock held,
        std::unique_ptr<Journal> opened, ManifestWriter manifest, RemovalLock removal)
      : lock(std::move(held)),
        journal(std::move(opened)),
        disk(files, options.directory, options.disk_percent_max),
        sealer({.files = files,
                .clock = clock,
                .paths = StorePaths(options.directory),
                .manifest = std::move(manifest),
                .retention = Retention(files, StorePaths(options.directory), std::move(removal),
                                       options.retention),
                .disk = disk,
                .rejected_limits = {options.rejected_bytes_max, options.rejected_bytes_max / 4},
                .waiting = [this] { return commits_wait.load(); }}),
        committer(*journal, disk, options.queue_bytes_max, commits_wait,
                  [this] { sealer.request(); }) {}

  StoreLock lock;
  std::unique_ptr<Journal> journal;
  DiskLimit disk;
  std::atomic<bool> commits_wait{false};
  Sealer sealer;
  Committer committer;
};

Result<std::unique_ptr<Store>> Store::open(FileSystem& files, const Clock& clock,
                                           const StoreOptions& options) {
  const StorePaths paths(options.directory);
  TALLY_TRY(files.create_directories(paths.directory));
  TALLY_TRY(auto lock, StoreLock::acquire(files, paths, options.address));
  TALLY_TRY(auto removal, RemovalLock::open(files, paths));
  TALLY_TRY(check_journal_is_there(files, paths));
  TALLY_TRY(auto journal, Journal::open(files, clock, options));
  TALLY_TRY(auto manifest, recover_segments(files, paths, journal->id()));
  auto parts = std::make_unique<Parts>(files, clock, options, std::move(lock), std::move(journal),
                                       std::move(manifest), std::move(removal));
  return std::unique_ptr<Store>(new Store(std::move(parts)));
}

Store::Store(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Store::~Store() = default;

void Store::submit(Batch batch, Committed done) {
  parts_->committer.submit(std::move(batch), std::move(done));
}

void Store::seal(Sealed done) {
  parts_->committer.rotate(
      [&sealer = parts_->sealer, done = std::move(done)](const Result<void>& rotated) {
        rotated ? sealer.request(done) : done(rotated);
      });
}

void Store::stop_sealing() { parts_->sealer.stop(); }

void Store::close() { parts_->committer.close(); }

Result<void> Store::set_address(std::string address) {
  return parts_->lock.set_address(std::move(address));
}

const StoreId& Store::id() const noexcept { return parts_->journal->id(); }

const RecoveryReport& Store::recovery() const noexcept { return parts_->journal->recovery(); }

std::vector<SourceCheckpoint> Store::checkpoints() const { return parts_->committer.checkpoints(); }

Sequence Store::next_sequence() const noexcept { return parts_->committer.next_sequence(); }

bool Store::healthy() const noexcept { return parts_->committer.healthy(); }

bool Store::disk_full() const noexcept { return parts_->disk.refusing(); }

StoreStats Store::stats() const {
  StoreStats stats = parts_->committer.stats();
  stats.seal = parts_->sealer.stats();
  stats.disk = parts_->disk.stats();
  return stats;
}

}  // namespace tally::store
