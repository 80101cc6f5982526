#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tally::bench {

/// What the end-to-end benchmarks are told.
struct BenchOptions {
  std::filesystem::path tally;  ///< the program to measure; of the same build unless told otherwise
  bool brief = false;           ///< seconds instead of minutes: all checks, figures of little worth
  std::size_t repetitions = 5;
  std::string peer;  ///< where the receiver is, of benchmarks that need one

  /// How much to do: `full`, or a twentieth of it, at least `least`.
  std::uint64_t amount(std::uint64_t full, std::uint64_t least) const;
};

/// Reads the command line, and lets this program have as many sockets as it may. Ends the program
/// after --help or on a mistake.
BenchOptions parse_bench_options(int argc, char** argv, const char* description);

}  // namespace tally::bench
