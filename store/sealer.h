#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "model/clock.h"
#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/disk_limit.h"
#include "store/manifest/manifest_writer.h"
#include "store/paths.h"
#include "store/rejected/rejected_files.h"
#include "store/retention.h"
#include "store/segment_sealer.h"
#include "store/store.h"

namespace tally::store {

/// The thread that turns rotated journal files into segments, the oldest first. It yields to
/// acknowledgement: low priority, and while commits wait it rests as long as it works. Between two
/// rounds of that it lets retention remove what is past its limits, and looks at the disk.
/// Thread-safe.
class Sealer {
 public:
  /// What the thread works on and with.
  struct Parts {
    FileSystem& files;
    const Clock& clock;
    StorePaths paths;
    ManifestWriter manifest;
    Retention retention;
    DiskLimit& disk;
    RejectedLimits rejected_limits;
    std::function<bool()> waiting;  ///< whether commits wait for the disk; on the sealer's thread
  };

  /// Begins with what is there to seal. `files`, `clock` and `disk` must outlive the
  /// sealer.
  explicit Sealer(Parts parts);
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  /// A journal file has been rotated. Cheap, from any thread.
  void request();

  /// Seals all files that have been rotated by now; `done` is called once on the sealer's thread,
  /// with what the first one that could not be sealed ran into. After stop() it is
  /// Errc::overloaded, at once.
  void request(Sealed done);

  /// Gives up what is being sealed, answers who waits for it, and ends the thread. Idempotent; from
  /// one thread at a time.
  void stop();

  SealStats stats() const;

 private:
  void run(const std::stop_token& stop);
  bool wait(std::unique_lock<std::mutex>& lock);
  void retain();
  Result<void> seal_all();
  Result<void> seal(std::uint64_t number);
  bool rest();
  void publish(std::uint64_t backlog);

  // Owned by the sealing thread.
  Parts parts_;
  SegmentSealer sealer_;
  std::stop_token stop_;
  std::set<std::uint64_t> damaged_;     ///< journal files that stay what they are
  std::set<std::uint64_t> unreadable_;  ///< those that could not be read when last tried
  bool blocked_ = false;                ///< the last round ended before all files were tried
  std::chrono::steady_clock::time_point worked_since_;

  // Guarded by mutex_.
  mutable std::mutex mutex_;
  std::condition_variable_any wanted_;
  bool requested_ = true;
  std::vector<Sealed> waiters_;
  bool stopped_ = false;
  SealStats stats_;

  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace tally::store
