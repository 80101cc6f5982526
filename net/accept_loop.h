#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "net/asio_types.h"
#include "net/gate.h"
#include "net/http_thread.h"

namespace tally::net {

/// Accepts connections and hands them round robin to the I/O threads, as many at a time as are
/// allowed. Runs on the first of these threads.
class AcceptLoop {
 public:
  /// What it refers to must outlive it.
  AcceptLoop(Acceptor acceptor, std::vector<HttpThread*> threads, const Gate& sessions,
             std::size_t connections_max);
  AcceptLoop(const AcceptLoop&) = delete;
  AcceptLoop& operator=(const AcceptLoop&) = delete;

  /// The coroutine; ends after stop().
  Awaitable<void> run();

  /// Ends the loop and stops listening. On the loop's thread.
  void stop();

  /// Says that a connection has ended. From any thread, cheap.
  void connection_ended();

 private:
  Awaitable<void> wait_for_room();
  Awaitable<void> accept_some();
  int accept_one();

  Acceptor acceptor_;
  const std::vector<HttpThread*> threads_;
  const Gate& sessions_;
  const std::size_t connections_max_;
  std::size_t next_thread_ = 0;
  bool stopped_ = false;
  Timer retry_;
  std::atomic<bool> full_{false};
};

}  // namespace tally::net
