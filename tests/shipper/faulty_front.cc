#include "tests/shipper/faulty_front.h"

#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <utility>

namespace tally::shipper {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::uint64_t kBodyMax = 64 * 1024 * 1024;

}  // namespace

FaultyFront::FaultyFront(std::string server, const std::string& certificate, const std::string& key)
    : server_(std::move(server)) {
  if (!certificate.empty()) {
    tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    tls_->use_certificate_chain_file(certificate);
    tls_->use_private_key_file(key, asio::ssl::context::pem);
  }
  acceptor_.open(Tcp::v4());
  acceptor_.bind({asio::ip::address_v4::loopback(), 0});
  acceptor_.listen();
  accepting_ = std::jthread([this] { accept(); });
}

FaultyFront::~FaultyFront() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    for (const auto& weak : sockets_) {
      if (const auto socket = weak.lock()) ::shutdown(socket->native_handle(), SHUT_RDWR);
    }
  }
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  accepting_.join();
  serving_.clear();
}

std::string FaultyFront::address() const {
  return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

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
    if (error || ended_) return;
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
  {
    const std::lock_guard lock(mutex_);
    headers_.emplace_back();
    for (const auto& field : request) {
      headers_.back().emplace(std::string(field.name_string()), std::string(field.value()));
    }
  }
  const Fault fault = fault_;
  if (fault == Fault::close_after_reading) return false;
  if (fault == Fault::garbage) {
    asio::write(stream, asio::buffer(std::string("\x16\x03 what is this?\r\n\r\n")), error);
    return false;
  }
  if (fault == Fault::hang) {
    // Until the peer gives up or the test ends.
    http::request_parser<http::string_body> more;
    http::read(stream, input, more, error);
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
  http::write(stream, response, error);
  return !error;
}

}  // namespace tally::shipper
