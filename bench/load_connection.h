#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "bench/response_reader.h"

namespace tally::bench {

/// Prepared requests that a connection sends in one piece, before it waits for all their answers:
/// one, or several pipelined.
struct LoadRound {
  std::string bytes;
  std::uint32_t requests = 1;
  std::uint64_t events = 1;  ///< of all its requests
};

/// Decides whether an answer is the right one for a request of the round. Must not keep the answer.
using AnswerCheck = std::function<bool(const LoadRound& round, const HttpAnswer& answer)>;

/// A connection of a load client: nonblocking, made for an edge-triggered epoll. One thread.
class LoadConnection {
 public:
  explicit LoadConnection(std::uint16_t port);
  ~LoadConnection();
  LoadConnection(const LoadConnection&) = delete;
  LoadConnection& operator=(const LoadConnection&) = delete;

  int socket() const noexcept { return socket_; }

  /// Begins a round, which must outlive it, and sends what the kernel takes at once.
  void start(const LoadRound& round);

  /// Sends and receives what can be: true when the round's last answer is there. Ends the program
  /// if the connection breaks or an answer is wrong.
  bool advance(const AnswerCheck& check);

 private:
  void send_some();

  int socket_;
  const LoadRound* round_ = nullptr;
  std::string_view unsent_;
  std::uint32_t answers_missing_ = 0;
  ResponseReader reader_;
};

}  // namespace tally::bench
