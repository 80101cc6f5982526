#include "bench/blocking_client.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/loopback_socket.h"

namespace tally::bench {

std::string post_request(std::string_view path, std::string_view type, std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
      path, type, body.size(), body);
}

bool BlockingClient::connect() {
  if (socket_ < 0) socket_ = connect_to_loopback(port_);
  return socket_ >= 0;
}

std::optional<HttpAnswer> BlockingClient::exchange(std::string_view request) {
  if (!connect()) return std::nullopt;
  if (send_all(request)) {
    for (;;) {
      const std::span<char> space = reader_.space();
      const ssize_t got = ::recv(socket_, space.data(), space.size(), 0);
      if (got <= 0) break;
      reader_.received(static_cast<std::size_t>(got));
      if (const auto answer = reader_.next()) return answer;
    }
  }
  disconnect();
  return std::nullopt;
}

void BlockingClient::disconnect() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  reader_ = ResponseReader();
}

bool BlockingClient::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace tally::bench
