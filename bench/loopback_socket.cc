#include "bench/loopback_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/require.h"

namespace tally::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

int open_socket() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(socket >= 0, "socket");
  return socket;
}

}  // namespace

int connect_to_loopback(std::uint16_t port) {
  const int socket = open_socket();
  const sockaddr_in address = loopback(port);
  const int on = 1;
  require(::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "setsockopt");
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return socket;
  }
  ::close(socket);
  return -1;
}

std::uint16_t free_port() {
  const int socket = open_socket();
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  require(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
  require(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  ::close(socket);
  return ntohs(address.sin_port);
}

}  // namespace tally::bench
