#include "bench/bench_options.h"

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "bench/require.h"

namespace tally::bench {
namespace {

void raise_descriptor_limit() {
  rlimit limit{};
  require(::getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
  limit.rlim_cur = limit.rlim_max;
  require(::setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
}

}  // namespace

std::uint64_t BenchOptions::amount(std::uint64_t full, std::uint64_t least) const {
  return brief ? std::max(full / 20, least) : full;
}

BenchOptions parse_bench_options(int argc, char** argv, const char* description) {
  CLI::App app{description};
  BenchOptions options;
  options.tally = TALLY_PROGRAM;
  app.add_option("--tally", options.tally, "The tally program to measure")->capture_default_str();
  app.add_flag("--short", options.brief, "Seconds instead of minutes, all checks on");
  app.add_option("--repetitions", options.repetitions, "Measured turns, without --short")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--peer", options.peer, "Where the receiver is, if it takes one");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  if (options.brief) options.repetitions = 1;
  raise_descriptor_limit();
  return options;
}

}  // namespace tally::bench
