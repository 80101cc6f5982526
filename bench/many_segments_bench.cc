#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "bench/bench_options.h"
#include "bench/child_process.h"
#include "bench/collector_process.h"
#include "bench/cpu.h"
#include "bench/many_segments.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/temp_directory.h"
#include "model/clock.h"
#include "store/cursor.h"
#include "store/disk/posix_file_system.h"
#include "store/store.h"

// A store of very many segments: how long it takes until it can be written to and read, and until
// one event in the middle of it is found. By the clock: warm, and cold, when none of its bytes are
// in the page cache. (The kernel keeps the names and inodes that it knows.)

namespace tally::bench {
namespace {

constexpr double kOpeningMillisecondsMax = 100;

/// All is synced but LOCK and the durable mark, a page each.
void drop_page_cache(const store::Path& directory) {
  store::PosixFileSystem files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    require(files.open(entry.path(), store::OpenMode::read), "open a file")->drop_cache();
  }
}

/// Milliseconds, with the page cache full of the store and with none of it.
struct Times {
  double warm = 0;
  double cold = 0;
};

/// `work` says how many seconds its part that counts took.
Times measure(const BenchOptions& options, const store::Path& directory,
              const std::function<double()>& work) {
  work();
  std::vector<double> warm;
  std::vector<double> cold;
  while (warm.size() < options.repetitions) warm.push_back(work() * 1e3);
  while (cold.size() < options.repetitions) {
    drop_page_cache(directory);
    cold.push_back(work() * 1e3);
  }
  return {median(warm), median(cold)};
}

void print_opening(const std::string& what, const Times& times) {
  for (const auto& [how, time] : {std::pair{"warm", times.warm}, std::pair{"cold", times.cold}}) {
    print_row({.what = what + ", " + how,
               .figure = fmt::format("{:.1f} ms", time),
               .limit = fmt::format("{:.0f} ms", kOpeningMillisecondsMax),
               .ratio = time / kOpeningMillisecondsMax,
               .bar = "1.0 at most"});
  }
}

/// The writer's opening, to where it takes events.
Times measure_writer(const BenchOptions& options, const store::Path& directory,
                     const ManySegments& made) {
  store::PosixFileSystem files;
  const SystemClock clock;
  return measure(options, directory, [&] {
    store::StoreOptions settings;
    settings.directory = directory;
    const double begin = wall_seconds();
    const auto opened = require(store::Store::open(files, clock, settings), "open the store");
    const double seconds = wall_seconds() - begin;
    require(opened->next_sequence() == advance(kFirstSequence, made.events),
            "the store goes on with another event");
    return seconds;
  });
}

/// A reader's, beside a collector, to where it has the first event.
Times measure_reader(const BenchOptions& options, const store::Path& directory,
                     const ManySegments& made, std::uint64_t from) {
  store::PosixFileSystem files;
  return measure(options, directory, [&] {
    const double begin = wall_seconds();
    auto cursor =
        require(store::Cursor::open(files, directory, Sequence{from}), "open the store to read");
    const auto chunk = require(cursor.next(), "read");
    const double seconds = wall_seconds() - begin;
    require(chunk && chunk->first == Sequence{from} && from <= made.events, "another event comes");
    return seconds;
  });
}

Times measure_query(const BenchOptions& options, const store::Path& directory,
                    const ManySegments& made) {
  const std::filesystem::path output = directory.parent_path() / "output";
  return measure(options, directory, [&] {
    std::filesystem::remove(output);
    const double begin = wall_seconds();
    ChildProcess query({options.tally, "query", "--data", directory, "--container",
                        std::string(kLoneContainer), "--limit", "1"},
                       {.core = std::nullopt, .output = output});
    const int status = query.wait();
    const double seconds = wall_seconds() - begin;
    require(status == 0, "the query finds nothing");
    std::ifstream in(output);
    const std::string found{std::istreambuf_iterator<char>(in), {}};
    require(found == made.lone_line + '\n', "the query finds another event");
    return seconds;
  });
}

void run(const BenchOptions& options) {
  const TempDirectory directory;
  const store::Path data = directory.path() / "data";
  store::PosixFileSystem files;
  const ManySegments made = make_many_segments(files, data, options.amount(10'000, 500));
  const std::string of = fmt::format("a store of {} segments: ", made.segments);
  print_opening(of + "opening to write", measure_writer(options, data, made));
  CollectorProcess collector({.program = options.tally, .directory = data});
  collector.start();
  print_opening(of + "first event of a reader", measure_reader(options, data, made, 1));
  print_opening(of + "first event of one that starts in the middle",
                measure_reader(options, data, made, made.events / 2));
  const Times query = measure_query(options, data, made);
  print_figure(of + "tally query --container X --limit 1, one in the middle",
               fmt::format("{:.0f} ms, cold {:.0f} ms", query.warm, query.cold));
  require(collector.stop() == 0, "the collector did not stop cleanly");
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(
      tally::bench::parse_bench_options(argc, argv, "A store of very many segments."));
}
