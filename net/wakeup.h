#pragma once

#include <boost/asio/async_result.hpp>
#include <optional>
#include <utility>

#include "net/asio_types.h"

namespace tally::net {

/// Lets one coroutine wait until another piece of the same thread calls notify(). Allocates nothing
/// by itself. Not thread-safe.
class Wakeup {
 public:
  /// Returns after the next notify(). One coroutine at a time.
  Awaitable<void> wait() {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>, void()>(
        Park{this}, kAwait);
  }

  /// Resumes the waiting coroutine within this call; nothing if none waits.
  void notify() {
    if (!waiting_) return;
    auto handler = std::move(*waiting_);
    waiting_.reset();
    std::move(handler)();
  }

 private:
  using Parked =
      boost::asio::async_result<boost::asio::use_awaitable_t<Executor>, void()>::handler_type;

  struct Park {
    void operator()(Parked handler) const { wakeup->waiting_.emplace(std::move(handler)); }
    Wakeup* wakeup;
  };

  std::optional<Parked> waiting_;
};

}  // namespace tally::net
