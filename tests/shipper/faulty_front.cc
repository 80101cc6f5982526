#include "tests/shipper/faulty_front.h"

#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <sstream>
#include <utility>

namespace tally::shipper {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::uint64_t kBodyMax = 64 * 1024 * 1024;
constexpr std::size_t kSlowBytes = 8;
constexpr int kSlowPause = 2;  // milliseconds

/// Until the peer gives up or the test ends.
void wait_for_end_of(int socket) {
  pollfd end{socket, POLLRDHUP, 0};
  ::poll(&end, 1, -1);
}

template <class Stream>
void write_slowly(Stream& stream, const http::response<http::string_body>& response) {
  std::ostringstream text;
  text << response;
  const std::string bytes = text.str();
  error_code error;
  for (std::size_t at = 0; at < bytes.size() && !error; at += kSlowBytes) {
    asio::write(stream, asio::buffer(bytes.substr(at, kSlowBytes)), error);
    ::poll(nullptr, 0, kSlowPause);
  }
}

}  // namespace

FaultyFront::FaultyFront(std::string server, const std::string& certificate, const std::string& key)
    : server_(std::move(server)) {
  if (!certificate.empty()) {
    tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    tls_->use_certificate_chain_file(certificate);
    tls_->use_private_key_file(key, asio::ssl::context::pem);
  }
  listen();
}

FaultyFront::~FaultyFront() {
  if (listening_) stop_listening();
}

void FaultyFront::listen() {
  acceptor_.open(Tcp::v4());
  acceptor_.set_option(Tcp::acceptor::reuse_address(true));
  acceptor_.bind({asio::ip::address_v4::loopback(), port_});
  acceptor_.listen();
  port_ = acceptor_.local_endpoint().port();
  listening_ = true;
  accepting_ = std::jthread([this] { accept(); });
}

void FaultyFront::stop_listening() {
  {
    const std::lock_guard lock(mutex_);
    listening_ = false;
    for (const auto& weak : sockets_) {
      if (const auto socket = weak.lock()) ::shutdown(socket->native_handle(), SHUT_RDWR);
    }
    sockets_.clear();
  }
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  accepting_.join();
  acceptor_.close();
  serving_.clear();
}

void FaultyFront::go_down() { stop_listening(); }
void FaultyFront::come_back() { listen(); }

std::string FaultyFront::address() const { return "127.0.0.1:" + std::to_string(port_); }

std::vector<std::map<std::string, std::string>> FaultyFront::headers() const {
  const std::lock_guard lock(mutex_);
  return headers_;
}

void FaultyFront::accept() {
  while (true) {
    auto socket = std::make_shared<Tcp::socket>(context_);
    error_code error;
    acceptor_.accept(*socket, error);
    const std::lock_guard lock(mutex_);
    if (error || !listening_) return;
    ++connections_;
    sockets_.emplace_back(socket);
    serving_.emplace_back([this, socket] { serve(socket); });
  }
}

void FaultyFront::serve(const std::shared_ptr<Tcp::socket>& socket) {
  if (fault_ == Fault::close_before_reading) {
    error_code ignored;
    socket->close(ignored);
    return;
  }
  if (fault_ == Fault::hang_unread) return wait_for_end_of(socket->native_handle());
  if (tls_ == nullptr) return exchange(*socket);
  asio::ssl::stream<Tcp::socket&> stream(*socket, *tls_);
  error_code error;
  stream.handshake(asio::ssl::stream_base::server, error);
  if (!error) exchange(stream);
}

template <class Stream>
void FaultyFront::exchange(Stream& stream) {
  asio::io_context context;
  while (pass_on(stream, context)) {
  }
  error_code ignored;
  stream.lowest_layer().shutdown(Tcp::socket::shutdown_both, ignored);
}

void FaultyFront::record(const boost::beast::http::fields& request) {
  const std::lock_guard lock(mutex_);
  headers_.emplace_back();
  for (const auto& field : request) {
    headers_.back().emplace(std::string(field.name_string()), std::string(field.value()));
  }
}

/// One request. False: the connection is to be closed.
template <class Stream>
bool FaultyFront::pass_on(Stream& stream, asio::io_context& context) {
  error_code error;
  boost::beast::flat_buffer input;
  http::request_parser<http::string_body> parser;
  parser.body_limit(kBodyMax);
  http::read(stream, input, parser, error);
  if (error) return false;
  http::request<http::string_body> request = parser.release();
  record(request);
  const Fault fault = fault_;
  if (fault == Fault::close_after_reading) return false;
  if (fault != Fault::none && fault != Fault::close_after_storing && fault != Fault::slow) {
    answer_wrongly(stream, fault);
    return false;
  }
  Tcp::socket behind(context);
  const std::string port = server_.substr(server_.rfind(':') + 1);
  behind.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoi(port))},
                 error);
  if (error) return false;
  http::write(behind, request, error);
  boost::beast::flat_buffer output;
  http::response<http::string_body> response;
  http::read(behind, output, response, error);
  if (error || fault == Fault::close_after_storing) return false;
  if (fault == Fault::slow) {
    write_slowly(stream, response);
  } else {
    http::write(stream, response, error);
  }
  return !error;
}

template <class Stream>
void FaultyFront::answer_wrongly(Stream& stream, Fault fault) {
  error_code error;
  const auto say = [&](const std::string& text) { asio::write(stream, asio::buffer(text), error); };
  auto& socket = stream.lowest_layer();
  if (fault == Fault::garbage) say("\x16\x03 what is this?\r\n\r\n");
  if (fault == Fault::half_an_answer) say("HTTP/1.1 204 No Con");
  if (fault == Fault::half_closed) socket.shutdown(Tcp::socket::shutdown_send, error);
  if (fault == Fault::endless_header) {
    say("HTTP/1.1 204 No Content\r\n");
    while (!error) say("X-Nothing: " + std::string(100, 'x') + "\r\n");
  }
  if (fault == Fault::half_closed || fault == Fault::hang) wait_for_end_of(socket.native_handle());
}

}  // namespace tally::shipper
