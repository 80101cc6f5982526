#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace tally::net {

/// A counter that one thread changes and any thread reads. Relaxed: a reader wants the figure, and
/// orders nothing by it. A plain load and store, since no other thread writes.
class Counter {
 public:
  void add(std::uint64_t amount) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// What one I/O thread counts; see HttpStats.
struct HttpCounters {
  std::array<Counter, 5> responses;
  Counter bytes_received;
  Counter bytes_sent;
  Counter refused_by_limit;
  Counter refused_by_origin;
  Counter malformed;
  Counter deadlines_expired;
  Counter aborted;
};

}  // namespace tally::net
