#include "shipper/backoff.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace tally::shipper {

Backoff::Duration Backoff::next(Duration least) {
  std::uniform_int_distribution<Duration::rep> part(bound_.count() / 2, bound_.count());
  const Duration wait{part(random_)};
  bound_ = std::min(2 * bound_, most_);
  return std::max(wait, least);
}

bool pause_for(const std::stop_token& stop, std::chrono::milliseconds duration) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace tally::shipper
