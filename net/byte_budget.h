#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>

namespace tally::net {

/// A fixed number of bytes that many share: who wants some of them and finds too few waits in line,
/// first come first served, so that a large wish is not starved by small ones. Thread-safe.
class ByteBudget {
 public:
  /// Called once when the bytes are there, on the thread that gave them back; must not block.
  using Granted = std::function<void()>;

  /// Names a place in the line.
  enum class Ticket : std::uint64_t {};

  explicit ByteBudget(std::size_t bytes) : total_(bytes) {}
  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;

  /// Takes `bytes` now; false if too few are there or others wait.
  bool try_reserve(std::size_t bytes);

  /// Takes a place in the line for `bytes`, at most what the budget has in all; `granted` may be
  /// called before this returns.
  Ticket wait(std::size_t bytes, Granted granted);

  /// Leaves the line. False: granted, and `granted` has been called or is about to be.
  bool cancel(Ticket ticket);

  /// Gives back what was reserved, and serves the line.
  void release(std::size_t bytes);

  std::size_t reserved() const;

 private:
  struct Waiter {
    Ticket ticket;
    std::size_t bytes;
    Granted granted;
  };

  std::list<Waiter> take_servable_locked();

  const std::size_t total_;
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  std::size_t reserved_ = 0;
  std::uint64_t tickets_ = 0;
  std::list<Waiter> line_;
};

}  // namespace tally::net
