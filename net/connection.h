#pragma once

#include <sys/uio.h>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "net/file_descriptor.h"
#include "net/http_thread.h"
#include "net/readiness.h"
#include "net/task.h"
#include "net/wakeup.h"

namespace tally::net {

/// The socket of a session with its one deadline: each wait is bounded, and none costs a timer of
/// its own, since the thread looks at all deadlines once a second. Belongs to its thread.
class Connection final : private ReadyListener {
 public:
  /// What is being waited for; decides how long.
  enum class Wait : std::uint8_t { nothing, request, head, body, write, goodbye };

  /// `socket` does not block; `peer` is the address at its other end, without port.
  Connection(HttpThread& thread, FileDescriptor socket, std::string peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Starts the deadline of `wait`, unless it is running already. Wait::nothing ends the one that
  /// runs.
  void arm(Wait wait);

  /// Goes on when a flag that the socket's events set is up.
  struct ReadyAwaiter {
    bool await_ready() const noexcept { return *ready; }
    void await_suspend(std::coroutine_handle<> waiter) const noexcept {
      wakeup->wait().await_suspend(waiter);
    }
    void await_resume() const noexcept {}

    const bool* ready;
    Wakeup* wakeup;
  };

  /// co_await readable(): there is something to read, or read_some() can tell why there never will
  /// be.
  ReadyAwaiter readable() noexcept { return {&readable_, &became_readable_}; }

  /// Reads what is there without waiting, 0 bytes if there is nothing yet. No value: the peer has
  /// closed, the connection broke, its deadline has passed, or it was to be closed.
  std::optional<std::size_t> read_some(std::span<char> into);

  /// What became of a write.
  enum class Written : std::uint8_t { all, some, broken };

  /// Writes what the socket takes without waiting, and uses that much of `pieces` up.
  Written write_some(std::span<iovec>& pieces);

  /// Writes all, waiting as needed; false if the connection broke or the deadline came first.
  Task<bool> write(std::span<iovec> pieces);

  /// Ends our side, then reads and forgets for a bounded time what the peer is still sending.
  /// Without it the kernel would answer that with a reset, which can overtake our last answer.
  Task<void> close_politely();

  /// Called when a wait that is not the socket's is to end early; must not resume the session at
  /// once.
  void set_on_cancel(std::function<void()> on_cancel) { on_cancel_ = std::move(on_cancel); }

  /// The peer's address without port.
  const std::string& peer() const noexcept { return peer_; }

  // Called by the thread. None of them resumes the session at once.
  void expire_if_due(SteadyTime now);
  void close_if_idle();
  void close();

 private:
  void ready(std::uint32_t events) override;
  std::chrono::seconds limit(Wait wait) const noexcept;
  void cancel(int how);

  HttpThread& thread_;
  FileDescriptor socket_;
  std::string peer_;
  Wait waits_for_ = Wait::nothing;
  bool cancelled_ = false;
  bool closed_ = false;
  bool readable_ = false;
  bool writable_ = true;
  bool registered_ = false;
  bool ended_ = false;  ///< the peer has closed its side, or the socket broke: always readable
  SteadyTime deadline_;
  Wakeup became_readable_;
  Wakeup became_writable_;
  std::function<void()> on_cancel_;
  HttpThread::Connections::iterator watched_;
};

}  // namespace tally::net
