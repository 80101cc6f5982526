#pragma once

#include <cmath>
#include <cstdint>

#include "bench/random.h"

namespace tally::bench {

/// The times at which independent clients come: at random distances, `per_second` on average; the
/// same distances each time. In the seconds of wall_seconds().
class PoissonArrivals {
 public:
  PoissonArrivals(double start, double per_second) : per_second_(per_second), next_(start) {}

  double next() const noexcept { return next_; }
  void advance() { next_ -= std::log(1.0 - random_.fraction()) / per_second_; }

 private:
  static constexpr std::uint64_t kSeed = 7;

  Random random_{kSeed};
  double per_second_;
  double next_;
};

}  // namespace tally::bench
