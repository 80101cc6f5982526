#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/clock.h"
#include "store/store.h"

namespace tally::ingest {

struct FileFollowerOptions {
  std::vector<std::string> patterns;  ///< paths, or globs of them
  /// How often to look where inotify is blind, or where something is not there or not readable yet.
  std::chrono::milliseconds poll_interval{2000};
  /// A file that was renamed or removed is let go when nothing has come for so long: writers that
  /// had it open may still write to it.
  std::chrono::milliseconds rotated_grace{60'000};
  /// Pauses after a commit that took nothing: doubled each time, from the first to the second.
  std::chrono::milliseconds retry_min{100};
  std::chrono::milliseconds retry_max{5000};
};

/// Counters for /metrics; a snapshot.
struct FileFollowerStats {
  std::uint64_t files = 0;       ///< followed now, rotated ones included
  std::uint64_t unreadable = 0;  ///< there, but not to be opened
  std::uint64_t events = 0;
  std::uint64_t refused = 0;
  std::uint64_t bytes = 0;    ///< committed
  std::uint64_t retries = 0;  ///< commits that took nothing
};

/// Takes events in from files that others append to, and goes on after any restart where the store
/// says that it had got: a file's offset is committed with the events that were read up to it, so
/// each line is taken exactly once. Survives rotation by rename, by copy and truncate, and by
/// deletion. A file that is not there yet is awaited. Half a line waits for its end. One thread for
/// all files; asleep while nothing happens.
class FileFollower {
 public:
  /// `store` and `clock` must outlive it.
  FileFollower(store::Store& store, const Clock& clock, FileFollowerOptions options);

  /// As stop().
  ~FileFollower();
  FileFollower(const FileFollower&) = delete;
  FileFollower& operator=(const FileFollower&) = delete;

  /// Starts the thread. Once.
  void start();

  /// Ends after the pieces that are being committed. The store must still answer them. Idempotent.
  void stop();

  /// Thread-safe.
  FileFollowerStats stats() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tally::ingest
