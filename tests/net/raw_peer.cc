#include "tests/net/raw_peer.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <utility>

namespace tally::net {
namespace {

constexpr timeval kReadLimit{.tv_sec = 30, .tv_usec = 0};

int to_int(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

RawPeer::RawPeer(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port =
      htons(static_cast<std::uint16_t>(to_int(address.substr(address.rfind(':') + 1))));
  inet_pton(AF_INET, "127.0.0.1", &place.sin_addr);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kReadLimit, sizeof kReadLimit);
  EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
}

RawPeer::~RawPeer() {
  if (socket_ >= 0) ::close(socket_);
}

RawPeer::RawPeer(RawPeer&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

bool RawPeer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawPeer::end_sending() { ::shutdown(socket_, SHUT_WR); }

std::string RawPeer::read_answer(bool head_only) {
  std::size_t head = 0;
  while ((head = received_.find("\r\n\r\n")) == received_.npos) {
    if (!receive()) return std::exchange(received_, {});
  }
  std::size_t end = head + 4;
  const std::size_t length = received_.find("Content-Length: ");
  if (!head_only && length < head) {
    end += static_cast<std::size_t>(to_int(std::string_view(received_).substr(length + 16)));
  }
  while (received_.size() < end) {
    if (!receive()) return std::exchange(received_, {});
  }
  std::string answer = received_.substr(0, end);
  received_.erase(0, end);
  return answer;
}

std::string RawPeer::read_to_end() {
  while (receive()) {
  }
  return std::exchange(received_, {});
}

bool RawPeer::receive() {
  char bytes[65536];
  const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
  EXPECT_FALSE(count < 0 && errno == EAGAIN) << "the server neither answered nor closed";
  if (count <= 0) return false;
  received_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

int status_of(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 ") ? to_int(answer.substr(9)) : 0;
}

std::string_view body_of(std::string_view answer) {
  const std::size_t head = answer.find("\r\n\r\n");
  return head == answer.npos ? std::string_view() : answer.substr(head + 4);
}

bool has_field(std::string_view answer, std::string_view line) {
  const std::string_view head = answer.substr(0, answer.find("\r\n\r\n") + 2);
  return head.find("\r\n" + std::string(line) + "\r\n") != head.npos;
}

}  // namespace tally::net
