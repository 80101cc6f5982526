#pragma once

#include <cstddef>
#include <cstdint>

namespace tally::bench {

/// What the benchmarks of segments are told.
struct SegmentBenchOptions {
  std::uint64_t events = 1'000'000;  ///< of a segment
  int segments = 10;                 ///< where several are made
  std::size_t repetitions = 5;
};

/// A request as large as good clients make them.
inline constexpr std::size_t kBatchBytes = 1024 * 1024;

/// Reads the command line. Ends the program after --help or on a mistake.
SegmentBenchOptions parse_segment_bench_options(int argc, char** argv, const char* description);

}  // namespace tally::bench
