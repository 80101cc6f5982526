#include "net/http_client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <utility>

namespace tally::net {
namespace {

namespace http = boost::beast::http;
using Tcp = boost::asio::ip::tcp;
using Request = http::request<http::span_body<const char>>;
using boost::system::error_code;

constexpr int kHttp11 = 11;
constexpr std::uint64_t kAnswerBytesMax = 64 * 1024 * 1024;

std::optional<std::chrono::seconds> retry_after(std::string_view text) {
  long seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc{} || end == text.data() || seconds < 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

struct HttpClient::Connection {
  Connection(Url address, ClientTimeouts limits)
      : url(std::move(address)), timeouts(limits), stream(context) {}

  Result<void> open();
  Result<ClientResponse> exchange(Request& request);
  Result<ClientResponse> read_answer();
  Error broken(std::string_view what, const error_code& error);

  /// Runs the loop until the one operation that was started has ended.
  void run() {
    context.restart();
    context.run();
  }

  const Url url;
  const ClientTimeouts timeouts;
  boost::asio::io_context context{1};
  boost::beast::tcp_stream stream;
  boost::beast::flat_buffer input;
  bool connected = false;
};

Result<void> HttpClient::Connection::open() {
  Tcp::resolver resolver(context);
  error_code error;
  const auto endpoints = resolver.resolve(url.host, url.port, error);
  if (error) {
    return Error{Errc::not_found, "cannot resolve " + url.host + ": " + error.message()};
  }
  stream.expires_after(timeouts.connect);
  stream.async_connect(
      endpoints, [&error](const error_code& failure, const Tcp::endpoint&) { error = failure; });
  run();
  if (error == boost::asio::error::connection_refused) {
    return Error{Errc::not_found, "nobody listens at " + authority(url) +
                                      ": is a collector running? start one with: tally serve"};
  }
  if (error) {
    return Error{Errc::io, "cannot connect to " + authority(url) + ": " + error.message()};
  }
  stream.socket().set_option(Tcp::no_delay(true), error);
  input.clear();
  connected = true;
  return ok();
}

Error HttpClient::Connection::broken(std::string_view what, const error_code& error) {
  connected = false;
  stream.close();
  return {Errc::indeterminate, "the collector at " + authority(url) + " " + std::string(what) +
                                   " (" + error.message() +
                                   "): whether it took the request is unknown"};
}

Result<ClientResponse> HttpClient::Connection::exchange(Request& request) {
  if (!connected) {
    TALLY_TRY(open());
  }
  stream.expires_after(timeouts.answer);
  error_code error;
  http::async_write(stream, request,
                    [&error](const error_code& failure, std::size_t) { error = failure; });
  run();
  // A server that refuses a body early answers before it has read all of it: the answer is worth
  // more than the complaint that writing failed.
  if (error && error != boost::asio::error::broken_pipe &&
      error != boost::asio::error::connection_reset) {
    return broken("did not take the whole request", error);
  }
  return read_answer();
}

Result<ClientResponse> HttpClient::Connection::read_answer() {
  http::response_parser<http::string_body> parser;
  parser.body_limit(kAnswerBytesMax);
  error_code error;
  http::async_read(stream, input, parser,
                   [&error](const error_code& failure, std::size_t) { error = failure; });
  run();
  if (error) return broken("did not answer", error);
  auto answer = parser.release();
  if (!answer.keep_alive()) {
    connected = false;
    stream.close();
  }
  ClientResponse response;
  response.status = answer.result_int();
  response.content_type = std::string(answer[http::field::content_type]);
  response.retry_after = retry_after(std::string(answer[http::field::retry_after]));
  response.body = std::move(answer.body());
  return response;
}

Result<HttpClient> HttpClient::connect(const Url& url, ClientTimeouts timeouts) {
  auto connection = std::make_unique<Connection>(url, timeouts);
  TALLY_TRY(connection->open());
  return HttpClient(std::move(connection));
}

HttpClient::HttpClient(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

Result<ClientResponse> HttpClient::post(std::string_view path, std::string_view content_type,
                                        std::string_view body) {
  Request request(http::verb::post, connection_->url.base + std::string(path), kHttp11);
  request.set(http::field::host, authority(connection_->url));
  request.set(http::field::content_type, {content_type.data(), content_type.size()});
  request.body() = {body.data(), body.size()};
  request.content_length(body.size());
  return connection_->exchange(request);
}

Result<ClientResponse> HttpClient::get(std::string_view path) {
  Request request(http::verb::get, connection_->url.base + std::string(path), kHttp11);
  request.set(http::field::host, authority(connection_->url));
  return connection_->exchange(request);
}

}  // namespace tally::net
