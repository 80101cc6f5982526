#include "bench/segment_bench_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

namespace tally::bench {

SegmentBenchOptions parse_segment_bench_options(int argc, char** argv, const char* description) {
  CLI::App app{description};
  SegmentBenchOptions options;
  bool brief = false;
  app.add_option("--events", options.events, "How many events a segment has")
      ->capture_default_str();
  app.add_option("--segments", options.segments, "How many segments, where several are made")
      ->capture_default_str();
  app.add_flag("--short", brief, "Seconds instead of minutes, all checks on");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  if (brief) {
    options.events = std::min<std::uint64_t>(options.events, 100'000);
    options.segments = std::min(options.segments, 2);
    options.repetitions = 1;
  }
  return options;
}

}  // namespace tally::bench
