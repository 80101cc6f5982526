#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "store/batch.h"
#include "store/disk_limit.h"
#include "store/journal/journal.h"
#include "store/journal/spare_preparer.h"
#include "store/store.h"

namespace tally::store {

/// The thread that owns the journal's writing end. Whatever batches wait when a commit has ended
/// become the next one: the slower the disk, the larger the groups. Thread-safe.
class Committer {
 public:
  /// What a rotation came to; on the committer's thread.
  using Rotated = std::function<void(const Result<void>&)>;

  /// `journal`, `disk` and `busy` must outlive the committer; `busy` is true while batches wait, or
  /// are just being committed. `on_rotation` is called on the committer's thread each time that a
  /// journal file is complete, and when the disk has become full or has room again.
  Committer(Journal& journal, DiskLimit& disk, std::size_t queue_bytes_max, std::atomic<bool>& busy,
            std::function<void()> on_rotation);
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// See Store::submit.
  void submit(Batch batch, Committed done);

  /// Ends the journal file that is being written, if it holds anything. `done` is called once.
  void rotate(Rotated done);

  /// Commits what waits, then ends the thread. Later batches are refused.
  void close();

  Sequence next_sequence() const noexcept { return Sequence{next_.load()}; }
  bool healthy() const noexcept { return healthy_.load(); }
  std::vector<SourceCheckpoint> checkpoints() const;
  StoreStats stats() const;

 private:
  struct Pending {
    Batch batch;
    std::size_t bytes = 0;
    Committed done;
  };

  void run();
  bool take_group(std::vector<Pending>& group);
  void answer(std::vector<Pending>& group, const CommitResult& result);
  void watch_disk();
  void make_room();
  void rotate();
  void note_rotation();
  CommitResult commit(const std::vector<Pending>& group);
  void publish(const std::vector<Pending>& group, const CommitResult& result);

  Journal& journal_;
  DiskLimit& disk_;
  const std::size_t queue_bytes_max_;
  std::atomic<bool>& busy_;
  const std::function<void()> on_rotation_;
  SparePreparer preparer_;

  // Owned by the committing thread.
  std::uint64_t file_number_;  ///< of the file of the last commit
  bool full_ = false;          ///< room has been made since the disk became full
  std::chrono::steady_clock::time_point looked_{};  ///< at the disk
  std::size_t bytes_since_look_ = 0;

  // Guarded by mutex_.
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::vector<Pending> queue_;
  std::size_t queue_bytes_ = 0;
  std::vector<Rotated> rotations_;  ///< that were asked for
  bool closing_ = false;
  std::vector<SourceCheckpoint> checkpoints_;
  StoreStats stats_;

  // Written by the committing thread, read by all.
  std::atomic<std::uint64_t> next_;
  std::atomic<bool> healthy_;

  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace tally::store
