#include "net/spawn.h"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

namespace tally::net {
namespace {

/// The one completion handler of every coroutine: exceptions, which are defects of ours or a lack
/// of memory, stop here.
struct Ended {
  void operator()(const std::exception_ptr& thrown) const {
    if (thrown) log(thrown);
    gate->leave(thrown != nullptr);
  }

  static void log(const std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      spdlog::error("a network coroutine ended with an exception: {}", error.what());
    } catch (...) {
      spdlog::error("a network coroutine ended with an unknown exception");
    }
  }

  Gate* gate;
};

/// A coroutine that nobody awaits: it owns itself, and is gone when it ends.
struct Root {
  struct promise_type {
    Root get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };
};

Root run(Task<void> coroutine, Ended ended) {
  std::exception_ptr thrown;
  {
    // Gone with all that it holds before it is counted as ended.
    const Task<void> owned = std::move(coroutine);
    try {
      co_await owned;
    } catch (...) {
      thrown = std::current_exception();
    }
  }
  ended(thrown);
}

}  // namespace

void spawn(IoThread& io, Task<void> coroutine, Gate& gate) {
  gate.enter();
  auto start = [coroutine = std::move(coroutine), &gate]() mutable {
    run(std::move(coroutine), Ended{&gate});
  };
  boost::asio::post(io.context().get_executor(), std::move(start));
}

void spawn(IoThread& io, Awaitable<void> coroutine, Gate& gate) {
  gate.enter();
  boost::asio::co_spawn(io.context().get_executor(), std::move(coroutine), Ended{&gate});
}

}  // namespace tally::net
