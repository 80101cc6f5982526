#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>

namespace tally::net {

/// Counts the coroutines that run, so that shutdown can wait for the last of them. Thread-safe.
class Gate {
 public:
  /// `left` is called at each leave(), on the leaving thread; it must not call the gate.
  explicit Gate(std::function<void()> left) : left_(std::move(left)) {}
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  void enter();
  void leave(bool failed);

  std::size_t inside() const;
  std::uint64_t entered_total() const;
  std::uint64_t failed_total() const;

  /// Waits until nobody is inside; false when `limit` came first.
  bool wait_empty(std::chrono::milliseconds limit);
  void wait_empty();

 private:
  const std::function<void()> left_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  // Guarded by mutex_:
  std::size_t inside_ = 0;
  std::uint64_t entered_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace tally::net
