#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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

/// A blocking HTTP client for the command line: one connection, kept alive, one request at a time.
/// Errors name the address and say what to do.
class HttpClient {
 public:
  /// Errc::not_found if nobody listens there, Errc::io otherwise.
  static Result<HttpClient> connect(const Url& url, ClientTimeouts timeouts);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  /// Errc::indeterminate if the connection broke after the request had been sent: the server may or
  /// may not have taken it. Any answer, 4xx and 5xx too, is a value.
  Result<ClientResponse> post(std::string_view path, std::string_view content_type,
                              std::string_view body);
  Result<ClientResponse> get(std::string_view path);

 private:
  struct Connection;
  explicit HttpClient(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace tally::net
