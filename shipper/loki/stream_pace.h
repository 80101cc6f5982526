#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

namespace tally::shipper {

/// Spaces what is sent to each stream, so that none gets more bytes a second than it may: as
/// configured, or as the receiver has said when it refused more. Nobody is held back before one of
/// these is known. Thread-safe.
class StreamPace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// A stream's labels as Loki writes them, and bytes for it.
  using Share = std::pair<std::string, std::uint64_t>;

  /// 0: not until learn().
  explicit StreamPace(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  /// Books the bytes of a request, and says from when on it may be sent.
  Time book(std::span<const Share> request, Time now);

  /// Whether book() has anything to reckon with.
  bool limited() const;

  /// That the receiver takes no more than this of any one stream; a part of it is left to others.
  void learn(std::uint64_t bytes_per_second);

 private:
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::uint64_t bytes_per_second_;
  std::unordered_map<std::string, Time> free_at_;
};

}  // namespace tally::shipper
