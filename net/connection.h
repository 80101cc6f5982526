#pragma once

#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <tuple>

#include "net/asio_types.h"
#include "net/http_thread.h"

namespace tally::net {

/// The socket of a session with its one deadline: each wait is bounded, and none costs a timer of
/// its own, since the thread looks at all deadlines once a second. Belongs to its thread.
class Connection {
 public:
  /// What is being waited for; decides how long.
  enum class Wait : std::uint8_t { nothing, request, head, body, write, goodbye };

  Connection(HttpThread& thread, Socket socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Starts the deadline of `wait`, unless it is running already. Wait::nothing ends the one that
  /// runs.
  void arm(Wait wait);

  /// Waits until there is something to read, or until read_some() can tell why there never will be.
  Awaitable<std::tuple<ErrorCode>> readable() {
    return socket_.async_wait(Socket::wait_read, kAwaitTuple);
  }

  /// Reads what is there without waiting, 0 bytes if there is nothing yet. No value: the peer has
  /// closed, the connection broke, its deadline has passed, or it was to be closed.
  std::optional<std::size_t> read_some(std::span<char> into);

  /// What became of a write.
  enum class Written : std::uint8_t { all, some, broken };

  /// Writes what the socket takes without waiting, and uses that much of `pieces` up.
  Written write_some(std::span<boost::asio::const_buffer>& pieces);

  /// Writes the rest, waiting as needed; false if the connection broke or the deadline came first.
  Awaitable<bool> write(std::span<boost::asio::const_buffer> pieces);

  /// Ends our side, then reads and forgets for a bounded time what the peer is still sending.
  /// Without it the kernel would answer that with a reset, which can overtake our last answer.
  Awaitable<void> close_politely();

  /// Called when a wait that is not the socket's is to end early; must not resume the session at
  /// once.
  void set_on_cancel(std::function<void()> on_cancel) { on_cancel_ = std::move(on_cancel); }

  /// The peer's address without port.
  const std::string& peer() const noexcept { return peer_; }

  // Called by the thread:
  void expire_if_due(SteadyTime now);
  void close_if_idle();
  void close();

 private:
  std::chrono::seconds limit(Wait wait) const noexcept;
  void cancel();

  HttpThread& thread_;
  Socket socket_;
  std::string peer_;
  Wait waits_for_ = Wait::nothing;
  SteadyTime deadline_;
  bool cancelled_ = false;
  bool closed_ = false;
  std::function<void()> on_cancel_;
  HttpThread::Connections::iterator watched_;
};

}  // namespace tally::net
