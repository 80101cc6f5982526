#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "net/asio_types.h"
#include "net/body_buffer.h"
#include "net/byte_budget.h"
#include "net/file_descriptor.h"
#include "net/gate.h"
#include "net/host_policy.h"
#include "net/http_counters.h"
#include "net/http_handler.h"
#include "net/http_server.h"
#include "net/readiness.h"

namespace tally::net {

class Connection;

/// What is the same for all I/O threads of a server.
struct HttpShared {
  HttpShared(HttpServerOptions given, const std::string& host,
             std::function<void()> connection_ended)
      : options(std::move(given)),
        hosts(host, options.allowed_hosts),
        budget(options.body_budget_bytes),
        gate(std::move(connection_ended)) {}

  HttpServerOptions options;  ///< constant
  HostPolicy hosts;           ///< constant
  ByteBudget budget;          ///< thread-safe
  Gate gate;                  ///< thread-safe
};

/// What the sessions of one I/O thread share. Everything belongs to that thread, but the
/// constructor, the destructor and the counters.
class HttpThread {
 public:
  static constexpr std::size_t kScratchBytes = 128 * 1024;

  using Connections = std::list<Connection*>;

  /// `shared` and `io` must outlive the thread's part.
  HttpThread(HttpShared& shared, IoThread& io);
  ~HttpThread();
  HttpThread(const HttpThread&) = delete;
  HttpThread& operator=(const HttpThread&) = delete;

  void set_handler(std::unique_ptr<Handler> handler) noexcept { handler_ = std::move(handler); }

  /// Starts a session on the connection, which does not block; see Connection. From any thread,
  /// before drain() was posted.
  void adopt(FileDescriptor socket, std::string peer);

  /// Connections are watched for as long as they live: each wait of theirs has a deadline.
  Connections::iterator watch(Connection& connection);
  void unwatch(Connections::iterator connection) noexcept;

  /// Expires the connections whose deadline has passed. tick() is the timer's: it does so once a
  /// second.
  void sweep();
  void tick();

  /// Closes idle connections, and the others after their current round.
  void drain();
  bool draining() const noexcept { return draining_; }

  /// Ends all connections as soon as their handlers have answered.
  void close_all();

  /// As of the last sweep: deadlines need no better, and so no request reads a clock.
  SteadyTime now() const noexcept { return now_; }
  const std::string& date() const noexcept { return date_; }

  /// Memory to read into, for use between two suspensions only: that is what lets an idle
  /// connection do without a buffer of its own.
  std::span<char> scratch() noexcept { return {scratch_.get(), kScratchBytes}; }

  IoThread& io() noexcept { return io_; }
  Readiness& readiness() noexcept { return readiness_; }
  Handler& handler() noexcept { return *handler_; }
  HttpShared& shared() noexcept { return shared_; }
  const HttpServerOptions& options() const noexcept { return shared_.options; }
  BodyBuffers& bodies() noexcept { return bodies_; }
  HttpCounters& counters() noexcept { return counters_; }
  const HttpCounters& counters() const noexcept { return counters_; }

 private:
  void schedule_sweep();
  void read_clocks();

  HttpShared& shared_;
  IoThread& io_;
  std::unique_ptr<Handler> handler_;
  Readiness readiness_;
  Connections connections_;
  Timer sweep_timer_;
  bool sweep_scheduled_ = false;
  bool draining_ = false;
  SteadyTime now_;
  std::string date_;
  std::unique_ptr<char[]> scratch_;
  BodyBuffers bodies_;
  HttpCounters counters_;
};

}  // namespace tally::net
