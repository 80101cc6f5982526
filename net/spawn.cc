#include "net/spawn.h"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
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

}  // namespace

void spawn(IoThread& io, Awaitable<void> coroutine, Gate& gate) {
  gate.enter();
  boost::asio::co_spawn(io.context().get_executor(), std::move(coroutine), Ended{&gate});
}

}  // namespace tally::net
