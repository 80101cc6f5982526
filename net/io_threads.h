#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "net/io_thread.h"

namespace tally::net {

/// The threads that do all network work, one event loop each. Constructed, stopped and destroyed by
/// one thread that is not among them.
class IoThreads {
 public:
  /// Starts `count` threads (at least one), named "tally-io-N".
  explicit IoThreads(std::size_t count);

  /// As stop().
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  std::span<const std::unique_ptr<IoThread>> threads() const noexcept { return threads_; }

  /// Ends the loops after the piece that each is running, and joins the threads. Idempotent.
  /// Whoever has work in flight drains it first.
  void stop();

 private:
  struct Running;
  std::vector<std::unique_ptr<IoThread>> threads_;
  std::vector<std::unique_ptr<Running>> running_;
};

}  // namespace tally::net
