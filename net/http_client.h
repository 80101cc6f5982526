#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.h"
#include "net/url.h"

namespace tally::net {

struct ClientTimeouts {
  std::chrono::seconds connect{5};
  std::chrono::seconds answer{60};  ///< for the whole of a request
};

struct ClientResponse {
  int status = 0;
  std::string content_type;
  std::string body;
  std::optional<std::chrono::seconds> retry_after;
};

/// Who is talked to and how. The defaults are for a collector.
struct ClientPeer {
  std::string name = "the collector";  ///< for messages
  std::string advice = ": is a collector running? start one with: tally serve";
  std::vector<std::pair<std::string, std::string>> headers{};  ///< go with every request
  std::string ca_file{};   ///< PEM; whom TLS trusts; empty: whom the system trusts
  std::stop_token stop{};  ///< ends a request under way
};

/// A blocking HTTP client: one connection, kept alive, one request at a time. Over TLS (1.2 at
/// least) the server has to prove that it has the URL's host name. Errors name the address and say
/// what to do, but no header. Used by one thread.
class HttpClient {
 public:
  /// Errc::not_found if nobody listens there, Errc::invalid if the CA file cannot be used, Errc::io
  /// otherwise.
  static Result<HttpClient> connect(const Url& url, ClientTimeouts timeouts, ClientPeer peer = {});
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  /// Errc::indeterminate if the connection broke after the request had been sent: the server may or
  /// may not have taken it. Any answer, 4xx and 5xx too, is a value.
  Result<ClientResponse> post(std::string_view path, std::string_view content_type,
                              std::string_view body, std::string_view content_encoding = {});
  Result<ClientResponse> get(std::string_view path);

  /// False: the next request makes a new connection first.
  bool connected() const noexcept;

 private:
  struct Connection;
  explicit HttpClient(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace tally::net
