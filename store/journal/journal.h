#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/clock.h"
#include "model/result.h"
#include "store/batch.h"
#include "store/disk/file_system.h"
#include "store/journal/chain_state.h"
#include "store/journal/commit_header.h"
#include "store/journal/durable_mark.h"
#include "store/journal/journal_file.h"
#include "store/paths.h"
#include "store/store.h"

namespace tally::store {

/// What the journal has done since it was opened.
struct JournalCounters {
  std::uint64_t stored_bytes = 0;  ///< of commits, headers included
  double sync_seconds_total = 0;
  double sync_seconds_max = 0;
};

/// The journal's writing end: turns groups of batches into commits, one write and one sync each,
/// and rotates its files. It has no thread of its own: all calls come from one thread, but
/// prepare_spare.
///
/// A failed write or sync is final for its file. The next file's header then names the last core
/// that counts, which cuts off whatever of the failed commit may be on disk.
class Journal {
 public:
  /// Recovers what is there, or starts a new store. The caller holds the store's lock.
  static Result<std::unique_ptr<Journal>> open(FileSystem& files, const Clock& clock,
                                               const StoreOptions& options);

  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Makes the whole group durable, in order, or nothing of it. Batches must not be empty of
  /// everything. On success the first sequence is the group's; the batches follow one another.
  /// Errors: see CommitResult.
  CommitResult commit(std::span<const Batch* const> group);

  /// Ends the file that is being written, unless it is empty, and makes the next one.
  Result<void> rotate();

  /// After a failure that left no file to write to: tries once more to make one. A commit does so
  /// by itself.
  Result<void> ensure_file();

  /// Writes the next file's zeros ahead if that has not been done yet, and if the disk stays below
  /// its limit with them. From any one thread, beside commit.
  Result<void> prepare_spare();

  /// Gives the space of the zeros back; the next file grows with its commits.
  void give_up_spare();

  const StoreId& id() const noexcept { return id_; }
  const RecoveryReport& recovery() const noexcept { return recovery_; }
  const ChainState& state() const noexcept { return state_; }
  std::uint64_t file_number() const noexcept { return last_number_; }

  const JournalCounters& counters() const noexcept { return counters_; }

  /// False while there is no file that can be written to.
  bool healthy() const noexcept { return file_.has_value(); }

 private:
  /// Whose journal/spare is.
  enum class Spare : std::uint8_t {
    missing,  ///< nobody's; what there may be of it counts for nothing
    making,   ///< the preparer's
    ready,    ///< nobody's: zeros that are durable
    taken,    ///< the committing thread's, which makes it the next file
  };

  Journal(FileSystem& files, const Clock& clock, const StoreOptions& options);

  Result<void> recover();
  Result<void> discard_drafts();
  void cut_predecessor(const Path& path, std::uint64_t end);
  Result<void> start_file();
  bool take_spare() noexcept;
  bool due(std::uint64_t bytes, std::uint64_t events) const;
  Result<void> write_commit(std::span<const Batch* const> group);
  Result<void> sync();
  Error fail(const Error& error);
  void publish();

  // Constant after construction.
  FileSystem& files_;
  const Clock& clock_;
  const StoreOptions options_;
  const StorePaths paths_;

  // Owned by the committing thread.
  StoreId id_;
  RecoveryReport recovery_;
  ChainState state_;
  CommitEncoder encoder_;
  std::optional<JournalFile> file_;  ///< none after a failure, until the next one could be made
  std::optional<DurableMarkWriter> mark_;
  std::uint64_t last_number_ = 0;  ///< highest file number ever used, even by a failed attempt
  std::uint64_t file_events_ = 0;  ///< in file_
  UtcTime file_started_{};         ///< first commit of file_
  JournalCounters counters_;

  // Shared with the preparer. A step that is not allowed from the state at hand is left out.
  std::atomic<Spare> spare_{Spare::missing};
};

}  // namespace tally::store
