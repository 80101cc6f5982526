#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/http/fields.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tally::shipper {

/// What a front does with a connection or request.
enum class Fault {
  none,                  ///< passes it on
  close_before_reading,  ///< the connection, at once
  close_after_reading,   ///< the connection, with the request read and not passed on
  close_after_storing,   ///< the connection, with the request passed on and its answer kept back
  hang,                  ///< reads, and never answers
  hang_unread,           ///< accepts, and never reads
  half_closed,           ///< reads, and ends its own half of the connection
  garbage,               ///< answers with what is no HTTP
  half_an_answer,        ///< and closes
  endless_header,        ///< of an answer that begins as the right one does
  slow,                  ///< passes on, and answers a few bytes at a time
};

/// Stands before an HTTP server on another loopback port, with TLS if it has a certificate: passes
/// requests on, records their headers, and makes what a proper server never would.
class FaultyFront {
 public:
  /// `certificate` and `key`: PEM files; empty: no TLS.
  explicit FaultyFront(std::string server, const std::string& certificate = "",
                       const std::string& key = "");
  ~FaultyFront();
  FaultyFront(const FaultyFront&) = delete;
  FaultyFront& operator=(const FaultyFront&) = delete;

  /// "127.0.0.1:PORT"
  std::string address() const;

  /// From now on.
  void set(Fault fault) { fault_ = fault; }

  /// Nobody listens any more, and all connections end; until come_back().
  void go_down();
  void come_back();

  /// The headers of each request so far, by name.
  std::vector<std::map<std::string, std::string>> headers() const;

  std::size_t connections() const { return connections_; }

 private:
  using Tcp = boost::asio::ip::tcp;

  void listen();
  void stop_listening();
  void accept();
  void serve(const std::shared_ptr<Tcp::socket>& socket);
  template <class Stream>
  void exchange(Stream& stream);
  template <class Stream>
  bool pass_on(Stream& stream, boost::asio::io_context& context);
  template <class Stream>
  void answer_wrongly(Stream& stream, Fault fault);
  void record(const boost::beast::http::fields& headers);

  const std::string server_;
  boost::asio::io_context context_;
  Tcp::acceptor acceptor_{context_};
  std::unique_ptr<boost::asio::ssl::context> tls_;
  std::atomic<Fault> fault_ = Fault::none;
  std::atomic<std::size_t> connections_ = 0;
  mutable std::mutex mutex_;
  std::uint16_t port_ = 0;  ///< the kernel's choice, until the end
  bool listening_ = false;
  std::vector<std::weak_ptr<Tcp::socket>> sockets_;
  std::vector<std::map<std::string, std::string>> headers_;
  std::vector<std::jthread> serving_;
  std::jthread accepting_;
};

}  // namespace tally::shipper
