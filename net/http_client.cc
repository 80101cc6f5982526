#include "net/http_client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <utility>

#include "net/tls_client.h"

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
  Connection(Url address, ClientTimeouts limits, ClientPeer whom)
      : url(std::move(address)), timeouts(limits), peer(std::move(whom)), stream(context) {}

  Request request(http::verb method, std::string_view path) const;
  Result<void> open();
  Result<void> connect();
  Result<void> shake_hands();
  Result<ClientResponse> exchange(Request& request);
  Result<ClientResponse> read_answer();
  Error broken(std::string_view what, const error_code& error);
  void close();

  /// Calls start(the stream to talk through).
  template <class Start>
  void with_stream(Start start) {
    return tls ? start(*tls->stream) : start(stream);
  }

  /// Runs the loop until the one operation that was started has ended.
  void run() {
    context.restart();
    context.run();
  }

  /// Ends the operation under way, on this thread, or the next one when it begins.
  struct Cancel {
    void operator()() const {
      boost::asio::post(connection->context, [c = connection] { c->stream.close(); });
    }
    Connection* connection;
  };

  const Url url;
  const ClientTimeouts timeouts;
  const ClientPeer peer;
  boost::asio::io_context context{1};
  boost::beast::tcp_stream stream;
  std::optional<TlsClient> tls;  ///< around `stream`
  boost::beast::flat_buffer input;
  bool connected = false;
  std::stop_callback<Cancel> cancel{peer.stop, Cancel{this}};  ///< refers to all of the above
};

Request HttpClient::Connection::request(http::verb method, std::string_view path) const {
  Request made(method, url.base + std::string(path), kHttp11);
  made.set(http::field::host, authority(url));
  for (const auto& [name, value] : peer.headers) made.set(name, value);
  return made;
}

Result<void> HttpClient::Connection::open() {
  if (peer.stop.stop_requested()) return Error{Errc::io, peer.name + ": told to stop"};
  close();
  TALLY_TRY(connect());
  if (url.tls) {
    TALLY_TRY(shake_hands());
  }
  input.clear();
  connected = true;
  return ok();
}

Result<void> HttpClient::Connection::connect() {
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
    return Error{Errc::not_found, "nobody listens at " + authority(url) + peer.advice};
  }
  if (error) {
    return Error{Errc::io, "cannot connect to " + authority(url) + ": " + error.message()};
  }
  stream.socket().set_option(Tcp::no_delay(true), error);
  return ok();
}

Result<void> HttpClient::Connection::shake_hands() {
  TALLY_TRY(tls, TlsClient::around(stream, url.host, peer.ca_file));
  error_code error;
  tls->stream->async_handshake(boost::asio::ssl::stream_base::client,
                               [&error](const error_code& failure) { error = failure; });
  run();
  if (!error) return ok();
  const std::string why = tls->complaint(error);
  close();
  return Error{Errc::io, "no TLS with " + peer.name + " at " + authority(url) + ": " + why};
}

/// Without TLS's farewell: no answer is missing that was not told of by its length.
void HttpClient::Connection::close() {
  connected = false;
  stream.close();
  tls.reset();
}

Error HttpClient::Connection::broken(std::string_view what, const error_code& error) {
  close();
  return {Errc::indeterminate, peer.name + " at " + authority(url) + " " + std::string(what) +
                                   " (" + error.message() + ")"};
}

Result<ClientResponse> HttpClient::Connection::exchange(Request& request) {
  if (!connected) {
    TALLY_TRY(open());
  }
  stream.expires_after(timeouts.answer);
  error_code error;
  with_stream([&](auto& to) {
    http::async_write(to, request,
                      [&error](const error_code& failure, std::size_t) { error = failure; });
  });
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
  with_stream([&](auto& from) {
    http::async_read(from, input, parser,
                     [&error](const error_code& failure, std::size_t) { error = failure; });
  });
  run();
  if (error) return broken("did not answer", error);
  auto answer = parser.release();
  if (!answer.keep_alive()) close();
  ClientResponse response;
  response.status = answer.result_int();
  response.content_type = std::string(answer[http::field::content_type]);
  response.retry_after = retry_after(std::string(answer[http::field::retry_after]));
  response.body = std::move(answer.body());
  return response;
}

Result<HttpClient> HttpClient::connect(const Url& url, ClientTimeouts timeouts, ClientPeer peer) {
  auto connection = std::make_unique<Connection>(url, timeouts, std::move(peer));
  TALLY_TRY(connection->open());
  return HttpClient(std::move(connection));
}

HttpClient::HttpClient(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

bool HttpClient::connected() const noexcept { return connection_->connected; }

Result<ClientResponse> HttpClient::post(std::string_view path, std::string_view content_type,
                                        std::string_view body, std::string_view content_encoding) {
  Request request = connection_->request(http::verb::post, path);
  request.set(http::field::content_type, {content_type.data(), content_type.size()});
  if (!content_encoding.empty()) {
    request.set(http::field::content_encoding, {content_encoding.data(), content_encoding.size()});
  }
  request.body() = {body.data(), body.size()};
  request.content_length(body.size());
  auto answer = connection_->exchange(request);
  if (!answer && answer.error().code == Errc::indeterminate) {
    answer.error().context += ": whether it took the request is unknown";
  }
  return answer;
}

Result<ClientResponse> HttpClient::get(std::string_view path) {
  Request request = connection_->request(http::verb::get, path);
  return connection_->exchange(request);
}

}  // namespace tally::net
