#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <stop_token>

namespace tally::shipper {

/// How long to wait before the next attempt: twice as long each time, up to a bound, and a random
/// part of it, so that many who failed together do not come back together ("full jitter", Brooker,
/// "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Not thread-safe.
class Backoff {
 public:
  using Duration = std::chrono::milliseconds;

  Backoff(Duration first, Duration most, std::uint64_t seed)
      : first_(first), most_(most), random_(seed), bound_(first) {}

  /// At least half of the bound; at least `least`, where the receiver asked for that.
  Duration next(Duration least = Duration{0});

  /// After a success.
  void reset() noexcept { bound_ = first_; }

 private:
  Duration first_;
  Duration most_;
  std::minstd_rand random_;
  Duration bound_;
};

/// Waits so long, or until a stop is asked for: false.
bool pause_for(const std::stop_token& stop, std::chrono::milliseconds duration);

}  // namespace tally::shipper
