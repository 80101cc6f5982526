#include "bench/load_connection.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "bench/loopback_socket.h"
#include "bench/require.h"

namespace tally::bench {

LoadConnection::LoadConnection(std::uint16_t port) : socket_(connect_to_loopback(port)) {
  require(socket_ >= 0, "connect to the server");
  require(::fcntl(socket_, F_SETFL, O_NONBLOCK) == 0, "fcntl");
}

LoadConnection::~LoadConnection() { ::close(socket_); }

void LoadConnection::start(const LoadRound& round) {
  round_ = &round;
  unsent_ = round.bytes;
  answers_missing_ = round.requests;
  send_some();
}

bool LoadConnection::advance(const AnswerCheck& check) {
  if (!unsent_.empty()) send_some();
  // A read that does not fill the space has emptied the socket; the next bytes are a new edge.
  for (bool emptied = false; !emptied;) {
    const std::span<char> space = reader_.space();
    const ssize_t got = ::recv(socket_, space.data(), space.size(), 0);
    if (got < 0 && errno == EAGAIN) break;
    require(got > 0, "the server closed a connection");
    reader_.received(static_cast<std::size_t>(got));
    emptied = static_cast<std::size_t>(got) < space.size();
    while (const auto answer = reader_.next()) {
      require(round_ != nullptr && answers_missing_ > 0, "an answer too many");
      require(check(*round_, *answer), "wrong answer: status " + std::to_string(answer->status) +
                                           ": " + std::string(answer->body.substr(0, 200)));
      --answers_missing_;
    }
  }
  return answers_missing_ == 0;
}

void LoadConnection::send_some() {
  while (!unsent_.empty()) {
    const ssize_t sent = ::send(socket_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return;
    require(sent > 0, "send to the server");
    unsent_.remove_prefix(static_cast<std::size_t>(sent));
  }
}

}  // namespace tally::bench
