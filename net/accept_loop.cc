#include "net/accept_loop.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

namespace tally::net {
namespace {

// After a failure that lasts (no descriptors, no memory) trying again at once would only burn CPU.
constexpr std::chrono::seconds kRetryDelay{1};

// Of a burst of connections so many are taken before the sessions' next turn.
constexpr int kAcceptsAtOnce = 16;

std::string address_of(const sockaddr_storage& peer) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* const address =
      peer.ss_family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr)
          : &reinterpret_cast<const sockaddr_in&>(peer).sin_addr;
  return ::inet_ntop(peer.ss_family, address, text.data(), text.size()) ? text.data() : "unknown";
}

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
    if (!stopped_) co_await accept_some();
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

Awaitable<void> AcceptLoop::accept_some() {
  co_await acceptor_.async_wait(Acceptor::wait_read, kAwaitTuple);
  for (int i = 0; i < kAcceptsAtOnce && !stopped_ && sessions_.inside() < connections_max_; ++i) {
    const int error = accept_one();
    if (error == 0) continue;
    // These are of the connection, not of ours.
    if (error == EAGAIN || error == EINTR || error == ECONNABORTED || error == EPROTO) co_return;
    spdlog::warn("cannot accept connections: {}; trying again", std::strerror(error));
    retry_.expires_after(kRetryDelay);
    co_await retry_.async_wait(kAwaitTuple);
  }
}

/// 0, or why there is none.
int AcceptLoop::accept_one() {
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  FileDescriptor socket(::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&peer),
                                  &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket.get() < 0) return errno;
  threads_[next_thread_]->adopt(std::move(socket), address_of(peer));
  next_thread_ = (next_thread_ + 1) % threads_.size();
  return 0;
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
