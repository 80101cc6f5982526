#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>

#include "shipper/backoff.h"

namespace tally::shipper {

/// How much a receiver is given at a time: how many requests at once, which is one more after each
/// round of successes and half as many after a failure; nothing for a while after a failure; and no
/// more bytes a second than were configured. Thread-safe.
class SendPace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `bytes_per_second` 0: as many as there are.
  SendPace(std::size_t connections_max, std::uint64_t bytes_per_second, std::uint64_t seed);

  /// Waits for a place among those that send; for one request. False: a stop was asked for.
  /// leave() gives the place back.
  bool enter(const std::stop_token& stop);
  void leave();

  /// Waits until `bytes` may be sent. False: a stop was asked for.
  bool wait_for_bytes(std::uint64_t bytes, const std::stop_token& stop);

  /// Waits for a moment. False: a stop was asked for.
  bool wait_until(Time moment, const std::stop_token& stop);

  /// How a request that was begun at `begun` ended; true: the one before ended otherwise. After a
  /// failure nobody sends for a while, at least as long as the receiver has asked for.
  bool succeeded();
  bool failed(Time begun, std::optional<std::chrono::seconds> retry_after);

  std::size_t limit() const;

 private:
  const std::size_t most_;
  const std::uint64_t bytes_per_second_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // Guarded by mutex_.
  Backoff backoff_;
  std::size_t limit_ = 1;
  std::size_t inside_ = 0;
  std::size_t successes_ = 0;  ///< since the limit changed
  bool failing_ = false;
  Time paused_at_{};
  Time pause_end_{};
  Time next_bytes_{};
};

}  // namespace tally::shipper
