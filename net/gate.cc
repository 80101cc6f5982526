#include "net/gate.h"

namespace tally::net {

void Gate::enter() {
  const std::lock_guard lock(mutex_);
  ++inside_;
  ++entered_;
}

void Gate::leave(bool failed) {
  const std::lock_guard lock(mutex_);
  --inside_;
  if (failed) ++failed_;
  // Under the lock: once it is free, whoever waits for the last one may destroy what `left_` uses.
  left_();
  if (inside_ == 0) empty_.notify_all();
}

std::size_t Gate::inside() const {
  const std::lock_guard lock(mutex_);
  return inside_;
}

std::uint64_t Gate::entered_total() const {
  const std::lock_guard lock(mutex_);
  return entered_;
}

std::uint64_t Gate::failed_total() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

bool Gate::wait_empty(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, limit, [this] { return inside_ == 0; });
}

void Gate::wait_empty() {
  std::unique_lock lock(mutex_);
  empty_.wait(lock, [this] { return inside_ == 0; });
}

}  // namespace tally::net
