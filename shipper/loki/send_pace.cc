#include "shipper/loki/send_pace.h"

#include <algorithm>
#include <utility>

namespace tally::shipper {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRetryFirst{500};
constexpr std::chrono::milliseconds kRetryMost{60'000};

/// What a receiver may ask for; more is a mistake.
constexpr std::chrono::seconds kRetryAfterMost{3600};

}  // namespace

SendPace::SendPace(std::size_t connections_max, std::uint64_t bytes_per_second, std::uint64_t seed)
    : most_(connections_max),
      bytes_per_second_(bytes_per_second),
      backoff_(kRetryFirst, kRetryMost, seed) {}

bool SendPace::enter(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const Time now = Clock::now();
    if (inside_ < limit_ && now >= pause_end_) {
      ++inside_;
      return true;
    }
    const std::size_t limit = limit_;
    const Time pause_end = pause_end_;
    const auto may_change = [&] {
      return pause_end_ != pause_end || limit_ != limit || (inside_ < limit_ && now >= pause_end_);
    };
    if (now < pause_end_) {
      changed_.wait_until(lock, stop, pause_end, may_change);
    } else {
      changed_.wait(lock, stop, may_change);
    }
  }
  return false;
}

void SendPace::leave() {
  const std::lock_guard lock(mutex_);
  --inside_;
  changed_.notify_all();
}

bool SendPace::wait_for_bytes(std::uint64_t bytes, const std::stop_token& stop) {
  if (bytes_per_second_ == 0) return !stop.stop_requested();
  const std::chrono::duration<double> takes(static_cast<double>(bytes) /
                                            static_cast<double>(bytes_per_second_));
  std::unique_lock lock(mutex_);
  const Time begin = std::max(Clock::now(), next_bytes_);
  next_bytes_ = begin + std::chrono::duration_cast<Clock::duration>(takes);
  lock.unlock();
  return wait_until(begin, stop);
}

bool SendPace::wait_until(Time moment, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, stop, moment, [] { return false; });
  return !stop.stop_requested();
}

bool SendPace::succeeded() {
  const std::lock_guard lock(mutex_);
  backoff_.reset();
  if (++successes_ >= limit_ && limit_ < most_) {
    successes_ = 0;
    ++limit_;
    changed_.notify_all();
  }
  return std::exchange(failing_, false);
}

bool SendPace::failed(Time begun, std::optional<std::chrono::seconds> retry_after) {
  const std::lock_guard lock(mutex_);
  const auto asked = std::min(retry_after.value_or(std::chrono::seconds(0)), kRetryAfterMost);
  const Time now = Clock::now();
  // Requests that were under way together fail together, and count as one.
  if (begun >= paused_at_) {
    paused_at_ = now;
    successes_ = 0;
    limit_ = std::max<std::size_t>(1, limit_ / 2);
    pause_end_ = std::max(pause_end_, now + backoff_.next(asked));
  } else {
    pause_end_ = std::max(pause_end_, now + asked);
  }
  changed_.notify_all();
  return !std::exchange(failing_, true);
}

std::size_t SendPace::limit() const {
  const std::lock_guard lock(mutex_);
  return limit_;
}

}  // namespace tally::shipper
