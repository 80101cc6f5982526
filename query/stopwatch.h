#pragma once

#include <chrono>

namespace tally::query {

/// Adds the time of its own life to a total.
class Stopwatch {
 public:
  explicit Stopwatch(std::chrono::nanoseconds& total) noexcept
      : total_(total), start_(std::chrono::steady_clock::now()) {}
  ~Stopwatch() { total_ += std::chrono::steady_clock::now() - start_; }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  std::chrono::nanoseconds& total_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace tally::query
