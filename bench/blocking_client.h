#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bench/response_reader.h"

namespace tally::bench {

/// "POST PATH" with its head, ready to be sent. `type`: the Content-Type.
std::string post_request(std::string_view path, std::string_view type, std::string_view body);

inline constexpr std::string_view kNdjson = "application/x-ndjson";
inline constexpr std::string_view kJson = "application/json";

/// One HTTP connection, one request at a time, that says what it knows when the server dies: an
/// answer came whole, or it did not. Connects when it has to. One thread at a time.
class BlockingClient {
 public:
  explicit BlockingClient(std::uint16_t port) : port_(port) {}
  ~BlockingClient() { disconnect(); }
  BlockingClient(const BlockingClient&) = delete;
  BlockingClient& operator=(const BlockingClient&) = delete;

  /// Whether there is a connection, made now if there was none.
  bool connect();

  /// Sends `request` and waits for the answer, whose body is valid until the next call. Nothing if
  /// the connection broke first; it is closed then.
  std::optional<HttpAnswer> exchange(std::string_view request);

 private:
  void disconnect();
  bool send_all(std::string_view bytes);

  std::uint16_t port_;
  int socket_ = -1;
  ResponseReader reader_;
};

}  // namespace tally::bench
