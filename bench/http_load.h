#pragma once

#include <cstdint>
#include <vector>

#include "bench/load_connection.h"

namespace tally::bench {

struct LoadTotals {
  std::uint64_t requests = 0;
  std::uint64_t events = 0;
  double seconds = 0;  ///< by the wall's clock
};

/// Closed loop: each of `connections` begins its next round when it has all answers of the last,
/// until `rounds_total` rounds, taken from `rounds` in turn, have been answered.
LoadTotals run_closed_loop(std::uint16_t port, std::size_t connections,
                           const std::vector<LoadRound>& rounds, std::uint64_t rounds_total,
                           const AnswerCheck& check);

/// Open loop: rounds begin at `rounds_per_second`, at random distances (Poisson), whether or not
/// earlier ones have been answered; past `connections` of them at once they wait for a free one.
/// Each connection has had an answer before the first of them, which does not count. Returns the
/// seconds from when each should have begun until its last answer. The calling thread needs a core
/// of its own.
std::vector<double> run_open_loop(std::uint16_t port, std::size_t connections,
                                  const std::vector<LoadRound>& rounds, std::uint64_t rounds_total,
                                  double rounds_per_second, const AnswerCheck& check);

}  // namespace tally::bench
