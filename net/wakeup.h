#pragma once

#include <coroutine>
#include <utility>

namespace tally::net {

/// Lets one coroutine wait until another piece of the same thread calls notify(). Allocates
/// nothing. Not thread-safe.
class Wakeup {
 public:
  struct Awaiter {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) const noexcept { wakeup->waiter_ = waiter; }
    void await_resume() const noexcept {}

    Wakeup* wakeup;
  };

  /// co_await wakeup.wait(): goes on after the next notify(). One coroutine at a time.
  Awaiter wait() noexcept { return {this}; }

  bool is_awaited() const noexcept { return waiter_ != nullptr; }

  /// Resumes the waiting coroutine within this call; nothing if none waits.
  void notify() {
    if (const std::coroutine_handle<> waiter = std::exchange(waiter_, nullptr)) waiter.resume();
  }

 private:
  std::coroutine_handle<> waiter_;
};

}  // namespace tally::net
