#include "net/accept_loop.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

namespace tally::net {
namespace {

// After a failure that lasts (no descriptors, no memory) trying again at once would only burn CPU.
constexpr std::chrono::seconds kRetryDelay{1};

}  // namespace

AcceptLoop::AcceptLoop(Acceptor acceptor, std::vector<HttpThread*> threads, const Gate& sessions,
                       std::size_t connections_max)
    : acceptor_(std::move(acceptor)),
      threads_(std::move(threads)),
      sessions_(sessions),
      connections_max_(connections_max),
      retry_(acceptor_.get_executor()) {}

Awaitable<void> AcceptLoop::run() {
  while (!stopped_) {
    co_await wait_for_room();
    if (!stopped_) co_await accept_one();
  }
}

Awaitable<void> AcceptLoop::wait_for_room() {
  while (!stopped_) {
    full_ = true;
    // Looked at after `full_` was set: a connection that ends meanwhile is either seen here, or
    // sees the flag and ends the wait.
    if (sessions_.inside() < connections_max_) break;
    retry_.expires_at(Timer::time_point::max());
    co_await retry_.async_wait(kAwaitTuple);
  }
  full_ = false;
}

Awaitable<void> AcceptLoop::accept_one() {
  HttpThread& thread = *threads_[next_thread_];
  auto [error, socket] =
      co_await acceptor_.async_accept(thread.io().context().get_executor(), kAwaitTuple);
  if (stopped_) co_return;
  if (!error) {
    thread.adopt(std::move(socket));
    next_thread_ = (next_thread_ + 1) % threads_.size();
    co_return;
  }
  if (error == boost::asio::error::connection_aborted) co_return;
  spdlog::warn("cannot accept connections: {}; trying again", error.message());
  retry_.expires_after(kRetryDelay);
  co_await retry_.async_wait(kAwaitTuple);
}

void AcceptLoop::stop() {
  stopped_ = true;
  ErrorCode ignored;
  acceptor_.close(ignored);
  retry_.cancel();
}

void AcceptLoop::connection_ended() {
  if (!full_.exchange(false)) return;
  threads_.front()->io().post([this] { retry_.cancel(); });
}

}  // namespace tally::net
