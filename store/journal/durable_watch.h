#pragma once

#include <chrono>
#include <string>

#include "store/paths.h"

namespace tally::store {

/// Waits for the file `durable` to change, in whichever process the writer is. A change that comes
/// after construction is never missed, even between a look at the file and wait(): construct the
/// watch first, look, wait, look again. Not thread-safe.
class DurableWatch {
 public:
  static constexpr std::chrono::milliseconds kPollInterval{2000};

  /// Watches by inotify; where that is blind or not to be had (network file systems, FUSE, the
  /// user's limit on watches, a directory that does not exist) it lets wait() return true every
  /// `poll_interval` instead.
  explicit DurableWatch(const StorePaths& paths,
                        std::chrono::milliseconds poll_interval = kPollInterval);
  ~DurableWatch();
  DurableWatch(DurableWatch&& other) noexcept;
  DurableWatch& operator=(DurableWatch&& other) noexcept;

  /// True as soon as the file may have changed since the last call that returned true (or since
  /// construction); false when `timeout` came first. Zero only asks.
  bool wait(std::chrono::milliseconds timeout);

  /// Readable when wait() would return true (and now and then when it would not), for use with
  /// poll; wait() empties it. -1 if the watch polls.
  int descriptor() const noexcept { return descriptor_; }

 private:
  bool wait_for_events(std::chrono::steady_clock::time_point deadline);
  bool wait_for_interval(std::chrono::steady_clock::time_point deadline);
  bool take_events();
  void close() noexcept;

  std::chrono::milliseconds poll_interval_;
  std::string name_;     ///< of the file within its directory
  int descriptor_ = -1;  ///< inotify, owned; -1: polls
  std::chrono::steady_clock::time_point last_poll_;
};

}  // namespace tally::store
