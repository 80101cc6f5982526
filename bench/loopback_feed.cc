#include "bench/loopback_feed.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "bench/cpu.h"
#include "bench/require.h"

namespace tally::bench {
namespace {

int listen_on_loopback(sockaddr_in& address) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(listener >= 0, "socket");
  address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  require(::bind(listener, reinterpret_cast<sockaddr*>(&address), length) == 0, "bind");
  require(::listen(listener, 1) == 0, "listen");
  require(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) == 0,
          "getsockname");
  return listener;
}

[[noreturn]] void send_all(sockaddr_in address, std::string_view bytes) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  require(socket >= 0, "socket");
  require(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "connect");
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) std::_Exit(1);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  std::_Exit(0);
}

}  // namespace

LoopbackFeed::LoopbackFeed(std::string_view bytes, int sender_core) {
  sockaddr_in address{};
  const int listener = listen_on_loopback(address);
  sender_ = ::fork();
  require(sender_ >= 0, "fork");
  if (sender_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    pin_to_core(sender_core);
    send_all(address, bytes);
  }
  socket_ = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  require(socket_ >= 0, "accept");
  ::close(listener);
}

LoopbackFeed::~LoopbackFeed() {
  ::close(socket_);
  ::kill(sender_, SIGKILL);
  ::waitpid(sender_, nullptr, 0);
}

void LoopbackFeed::receive(char* into, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::recv(socket_, into, size, 0);
    require(got > 0, "recv");
    into += got;
    size -= static_cast<std::size_t>(got);
  }
}

}  // namespace tally::bench
