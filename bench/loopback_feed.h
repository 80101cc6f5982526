#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string_view>

namespace tally::bench {

/// Bytes that arrive over a loopback connection from a process of its own on another core, as fast
/// as they are read. One thread at a time.
class LoopbackFeed {
 public:
  /// Forks the sender of `bytes`, pinned to `sender_core`.
  LoopbackFeed(std::string_view bytes, int sender_core);

  /// Ends the sender.
  ~LoopbackFeed();
  LoopbackFeed(const LoopbackFeed&) = delete;
  LoopbackFeed& operator=(const LoopbackFeed&) = delete;

  /// Waits until `size` bytes have arrived in `into`.
  void receive(char* into, std::size_t size);

 private:
  pid_t sender_ = -1;
  int socket_ = -1;
};

}  // namespace tally::bench
