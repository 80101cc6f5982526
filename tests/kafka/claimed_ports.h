#pragma once

#include <cstdint>
#include <vector>

namespace tally::tests {

/// Ports of loopback, one after the other, that no other claim has as long as it lives: also while
/// the server that they are for is dead, and about to be started again. Not for several threads.
class ClaimedPorts {
 public:
  explicit ClaimedPorts(int count);
  ~ClaimedPorts() { let_go(); }
  ClaimedPorts(const ClaimedPorts&) = delete;
  ClaimedPorts& operator=(const ClaimedPorts&) = delete;

  std::uint16_t first() const noexcept { return first_; }

 private:
  bool claim(std::uint16_t port);
  void let_go();

  std::uint16_t first_ = 0;
  std::vector<int> sockets_;  ///< of UDP, whose ports are others, and which the server does not use
};

}  // namespace tally::tests
