#include "tests/kafka/claimed_ports.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

namespace tally::tests {
namespace {

/// A socket of that kind at the port; negative: somebody has it.
int bound_socket(int kind, std::uint16_t port) {
  const int socket = ::socket(AF_INET, kind | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* const to = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(socket, to, sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

}  // namespace

/// Below what the kernel gives to outgoing connections.
ClaimedPorts::ClaimedPorts(int count) {
  std::random_device random;
  int claimed = 0;
  while (claimed < count) {
    let_go();
    first_ = static_cast<std::uint16_t>(std::uniform_int_distribution<int>(20'000, 32'000)(random));
    claimed = 0;
    while (claimed < count && claim(static_cast<std::uint16_t>(first_ + claimed))) ++claimed;
  }
}

bool ClaimedPorts::claim(std::uint16_t port) {
  const int claim = bound_socket(SOCK_DGRAM, port);
  if (claim < 0) return false;
  sockets_.push_back(claim);
  const int probe = bound_socket(SOCK_STREAM, port);
  if (probe < 0) return false;
  ::close(probe);
  return true;
}

void ClaimedPorts::let_go() {
  for (const int socket : sockets_) ::close(socket);
  sockets_.clear();
}

}  // namespace tally::tests
