#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "net/http_client.h"
#include "shipper/loki/loki_answer.h"
#include "shipper/loki/loki_options.h"

namespace tally::shipper {

/// One connection to Loki, made when it is needed and as often. Used by one thread; `options` must
/// outlive it.
class LokiSender {
 public:
  /// A request under way ends when `stop` says so.
  LokiSender(const LokiOptions& options, std::stop_token stop)
      : options_(&options), stop_(std::move(stop)) {}

  /// Posts one body, once. That nobody answers is an answer to retry.
  LokiAnswer push(const std::string& body, std::string_view type, std::string_view encoding);

  /// Asks once; `path` is behind the URL's own. Errors are those of net::HttpClient and
  /// credential_headers().
  Result<net::ClientResponse> get(std::string_view path);

 private:
  Result<void> connect();

  const LokiOptions* options_;
  const std::stop_token stop_;
  std::optional<net::HttpClient> client_;
  std::chrono::steady_clock::time_point used_{};
};

}  // namespace tally::shipper
