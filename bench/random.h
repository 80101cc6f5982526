#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tally::bench {

/// SplitMix64: the same numbers everywhere. The distributions of <random> differ between standard
/// libraries, and what is drawn here must not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, bound), bound below 2^32.
  std::uint64_t below(std::uint64_t bound) noexcept { return ((next() >> 32) * bound) >> 32; }

  /// Uniform in [0, 1).
  double fraction() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

  bool one_in(std::uint64_t n) noexcept { return below(n) == 0; }

  template <class Words>
  std::string_view pick(const Words& words) noexcept {
    return words[below(words.size())];
  }

 private:
  std::uint64_t state_;
};

/// Draws an index with a probability in proportion to its weight.
class WeightedChoice {
 public:
  explicit WeightedChoice(const std::vector<double>& weights) {
    double total = 0;
    for (const double weight : weights) total += weight;
    double sum = 0;
    for (const double weight : weights) {
      sum += weight;
      upper_.push_back(static_cast<std::uint32_t>(sum / total * 0xFFFFFFFFU));
    }
  }

  std::size_t draw(Random& random) const noexcept {
    const auto value = static_cast<std::uint32_t>(random.next() >> 32);
    const auto it = std::upper_bound(upper_.begin(), upper_.end(), value);
    return std::min<std::size_t>(static_cast<std::size_t>(it - upper_.begin()), upper_.size() - 1);
  }

 private:
  std::vector<std::uint32_t> upper_;
};

}  // namespace tally::bench
