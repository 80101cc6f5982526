#include "net/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace tally::net {
namespace {

constexpr std::chrono::seconds kGoodbyeDeadline{5};
constexpr std::size_t kGoodbyeBytesMax = 32 * 1024 * 1024;
constexpr std::size_t kPiecesMax = 64;  // of one system call

void send_small_answers_at_once(int socket) noexcept {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

ssize_t send_pieces(int socket, std::span<iovec> pieces) noexcept {
  // One piece, which is nearly always all, takes the cheaper system call.
  if (pieces.size() == 1) {
    return ::send(socket, pieces.front().iov_base, pieces.front().iov_len, MSG_NOSIGNAL);
  }
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = std::min(pieces.size(), kPiecesMax);
  return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

/// Takes `bytes` off the front of `pieces`.
void use_up(std::span<iovec>& pieces, std::size_t bytes) noexcept {
  while (!pieces.empty() && bytes >= pieces.front().iov_len) {
    bytes -= pieces.front().iov_len;
    pieces = pieces.subspan(1);
  }
  if (bytes == 0) return;
  iovec& first = pieces.front();
  first = {static_cast<char*>(first.iov_base) + bytes, first.iov_len - bytes};
}

}  // namespace

Connection::Connection(HttpThread& thread, FileDescriptor socket, std::string peer)
    : thread_(thread),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      watched_(thread.watch(*this)) {
  send_small_answers_at_once(socket_.get());
  // Where the system refuses, the first wait is told that the connection has ended.
  registered_ = thread_.readiness().watch(socket_.get(), *this);
  if (!registered_) readable_ = cancelled_ = closed_ = true;
}

Connection::~Connection() {
  if (registered_) thread_.readiness().unwatch(socket_.get(), *this);
  thread_.unwatch(watched_);
}

void Connection::ready(std::uint32_t events) {
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) ended_ = true;
  if ((events & EPOLLIN) != 0 || ended_) readable_ = true;
  if ((events & EPOLLOUT) != 0 || ended_) writable_ = true;
  // At most one of them is awaited. The session may be gone afterwards.
  Wakeup& wakeup = became_readable_.is_awaited() ? became_readable_ : became_writable_;
  const bool is_ready = became_readable_.is_awaited() ? readable_ : writable_;
  if (is_ready) wakeup.notify();
}

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
  const ssize_t got = ::recv(socket_.get(), into.data(), into.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
    readable_ = errno == EINTR;
    return 0;
  }
  if (got <= 0) return std::nullopt;
  const auto bytes = static_cast<std::size_t>(got);
  // Less than there was room for is all that there was: what comes next is told anew. The end of
  // the stream may have been told already, though.
  if (bytes < into.size()) readable_ = ended_;
  thread_.counters().bytes_received.add(bytes);
  return bytes;
}

Connection::Written Connection::write_some(std::span<iovec>& pieces) {
  while (!pieces.empty()) {
    const ssize_t sent = send_pieces(socket_.get(), pieces);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) {
      writable_ = false;
      return Written::some;
    }
    if (sent < 0) return Written::broken;
    thread_.counters().bytes_sent.add(static_cast<std::uint64_t>(sent));
    use_up(pieces, static_cast<std::size_t>(sent));
  }
  return Written::all;
}

Task<bool> Connection::write(std::span<iovec> pieces) {
  for (;;) {
    const Written written = write_some(pieces);
    if (written != Written::some) co_return written == Written::all;
    arm(Wait::write);
    co_await ReadyAwaiter{&writable_, &became_writable_};
    if (cancelled_) co_return false;
  }
}

Task<void> Connection::close_politely() {
  arm(Wait::goodbye);
  ::shutdown(socket_.get(), SHUT_WR);
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
  cancel(waits_for_ == Wait::write ? SHUT_RDWR : SHUT_RD);
}

void Connection::close_if_idle() {
  if (waits_for_ == Wait::request) cancel(SHUT_RD);
}

void Connection::close() {
  closed_ = true;
  cancel(SHUT_RDWR);
}

/// Has the session see that its wait is over: the socket, shut down, tells it by an event.
void Connection::cancel(int how) {
  cancelled_ = true;
  if (on_cancel_) {
    on_cancel_();
  } else {
    ::shutdown(socket_.get(), how);
  }
}

}  // namespace tally::net
