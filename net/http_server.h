#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/result.h"
#include "net/http_handler.h"
#include "net/http_stats.h"

namespace tally::net {

using SteadyTime = std::chrono::steady_clock::time_point;

struct HttpServerOptions {
  std::string address = "127.0.0.1:7514";  ///< "ADDR:PORT", "[V6]:PORT"; port 0: any free one
  std::size_t threads = 1;
  std::vector<std::string> allowed_hosts{};  ///< names, without port, that Host may have besides
  std::size_t connections_max = 10'000;      ///< past it, new connections wait in the kernel

  std::size_t head_bytes_max = 16 * 1024;
  std::size_t body_bytes_max = 16 * 1024 * 1024;

  /// What all bodies that do not arrive in one piece may take together; each reserves its length
  /// before it is read, in order of arrival. At least body_bytes_max.
  std::size_t body_budget_bytes = 32 * 1024 * 1024;

  std::chrono::seconds head_deadline{10};   ///< from a request's first byte to its head's last
  std::chrono::seconds body_deadline{60};   ///< from its head to its body's last byte
  std::chrono::seconds idle_deadline{75};   ///< between requests
  std::chrono::seconds write_deadline{30};  ///< for an answer to leave
  std::chrono::seconds drain_limit{10};     ///< of stop(): for what is in flight

  /// Where the deadlines' time comes from.
  std::function<SteadyTime()> now = std::chrono::steady_clock::now;
};

/// An HTTP/1.1 server: accepts connections, hands them round robin to its I/O threads, and gives
/// each whole request to the thread's handler. Public functions from any thread but its own.
class HttpServer {
 public:
  /// Listens and starts. Errc::invalid for an address or limit that makes no sense, Errc::held if
  /// the address is in use, Errc::io otherwise.
  static Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options,
                                                   const HandlerFactory& factory);

  /// As stop().
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Stops accepting, lets what is in flight be answered (with `Connection: close`), closes what is
  /// idle at once and the rest after drain_limit, waits for every Reply, ends the threads and
  /// destroys the handlers. Idempotent.
  void stop();

  /// Where it listens, with the real port: "127.0.0.1:7514".
  const std::string& address() const noexcept;

  HttpStats stats() const;

  /// Looks for connections past their deadline now. The server does so once a second by itself.
  void sweep_deadlines();

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tally::net
