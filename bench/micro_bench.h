#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "bench/corpus_frames.h"

namespace tally::bench {

/// States how many events a benchmark has gone through and what the matching part of the
/// bare-kernel limit does of them in a CPU-second: run_micro_benchmarks prints the ratio.
void report_against(benchmark::State& state, std::uint64_t events, double limit_events_per_second,
                    const std::string& what);

/// Runs the registered benchmarks; prints Google Benchmark's table and, for each of them, a row
/// (its median where there are repetitions). Returns main's exit status.
int run_micro_benchmarks(int argc, char** argv);

}  // namespace tally::bench
