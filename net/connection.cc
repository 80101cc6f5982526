#include "net/connection.h"

#include <utility>

namespace tally::net {
namespace {

constexpr std::chrono::seconds kGoodbyeDeadline{5};
constexpr std::size_t kGoodbyeBytesMax = 32 * 1024 * 1024;

std::string peer_address(const Socket& socket) {
  ErrorCode error;
  const Tcp::endpoint peer = socket.remote_endpoint(error);
  return error ? "unknown" : peer.address().to_string();
}

}  // namespace

Connection::Connection(HttpThread& thread, Socket socket)
    : thread_(thread),
      socket_(std::move(socket)),
      peer_(peer_address(socket_)),
      watched_(thread.watch(*this)) {
  ErrorCode ignored;  // a socket that is broken already shows it at the first read
  socket_.non_blocking(true, ignored);
  socket_.set_option(Tcp::no_delay(true), ignored);
}

Connection::~Connection() { thread_.unwatch(watched_); }

void Connection::arm(Wait wait) {
  if (wait == waits_for_) return;
  waits_for_ = wait;
  cancelled_ = closed_;
  if (wait != Wait::nothing) deadline_ = thread_.now() + limit(wait);
}

std::chrono::seconds Connection::limit(Wait wait) const noexcept {
  const HttpServerOptions& options = thread_.options();
  switch (wait) {
    case Wait::request:
      return options.idle_deadline;
    case Wait::head:
      return options.head_deadline;
    case Wait::body:
      return options.body_deadline;
    case Wait::write:
      return options.write_deadline;
    case Wait::goodbye:
      return kGoodbyeDeadline;
    case Wait::nothing:
      break;
  }
  return {};
}

std::optional<std::size_t> Connection::read_some(std::span<char> into) {
  if (cancelled_) return std::nullopt;
  ErrorCode error;
  const std::size_t bytes = socket_.read_some(boost::asio::buffer(into.data(), into.size()), error);
  if (error == boost::asio::error::would_block) return 0;
  if (error) return std::nullopt;
  thread_.counters().bytes_received.add(bytes);
  return bytes;
}

Connection::Written Connection::write_some(std::span<boost::asio::const_buffer>& pieces) {
  while (!pieces.empty()) {
    ErrorCode error;
    // One piece, which is nearly always all, takes the cheaper system call.
    std::size_t written = pieces.size() == 1 ? socket_.write_some(pieces.front(), error)
                                             : socket_.write_some(pieces, error);
    if (error == boost::asio::error::would_block) return Written::some;
    if (error) return Written::broken;
    thread_.counters().bytes_sent.add(written);
    while (!pieces.empty() && written >= pieces.front().size()) {
      written -= pieces.front().size();
      pieces = pieces.subspan(1);
    }
    if (written > 0) pieces.front() += written;
  }
  return Written::all;
}

Awaitable<bool> Connection::write(std::span<boost::asio::const_buffer> pieces) {
  for (;;) {
    const Written written = write_some(pieces);
    if (written != Written::some) co_return written == Written::all;
    arm(Wait::write);
    co_await socket_.async_wait(Socket::wait_write, kAwaitTuple);
    if (cancelled_) co_return false;
  }
}

Awaitable<void> Connection::close_politely() {
  arm(Wait::goodbye);
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  for (std::size_t forgotten = 0; forgotten < kGoodbyeBytesMax;) {
    co_await readable();
    const std::optional<std::size_t> bytes = read_some(thread_.scratch());
    if (!bytes) co_return;
    forgotten += *bytes;
  }
}

void Connection::expire_if_due(SteadyTime now) {
  if (waits_for_ == Wait::nothing || cancelled_ || now < deadline_) return;
  thread_.counters().deadlines_expired.add(1);
  cancel();
}

void Connection::close_if_idle() {
  if (waits_for_ == Wait::request) cancel();
}

void Connection::close() {
  closed_ = true;
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  cancel();
}

void Connection::cancel() {
  cancelled_ = true;
  ErrorCode ignored;
  socket_.cancel(ignored);
  if (on_cancel_) on_cancel_();
}

}  // namespace tally::net
