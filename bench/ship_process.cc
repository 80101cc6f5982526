#include "bench/ship_process.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "bench/child_process.h"
#include "bench/cpu.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/temp_directory.h"
#include "store/disk/posix_file_system.h"
#include "store/paths.h"
#include "store/sink_cursor_text.h"

namespace tally::bench {
namespace {

/// What a sink may take, unless its URL says otherwise.
constexpr double kCap = 32.0 * 1024 * 1024;
constexpr double kPatience = 300;  // seconds
constexpr std::chrono::milliseconds kLook{20};

/// Returns when the sink's cursor is behind the last event.
void wait_until_shipped(const CorpusStore& store, const std::string& name) {
  const double begin = wall_seconds();
  while (events_shipped(store.directory, name) < store.events) {
    require(wall_seconds() < begin + kPatience, "tally ship does not get to the end");
    std::this_thread::sleep_for(kLook);
  }
}

double peak_of_shipping(const BenchOptions& options, const CorpusStore& store,
                        const std::filesystem::path& log, const std::string& name,
                        const std::string& url) {
  ChildProcess process(
      {options.tally, "ship", "--data", store.directory, "--to", url + "&name=" + name},
      {.core = std::nullopt, .output = log});
  wait_until_shipped(store, name);
  const double peak = static_cast<double>(peak_rss_bytes(process.pid()));
  process.send_signal(SIGTERM);
  require(process.wait() == 0, "tally ship did not end cleanly");
  return peak;
}

}  // namespace

std::uint64_t events_shipped(const std::filesystem::path& directory, const std::string& name) {
  store::PosixFileSystem files;
  const auto text = store::read_cursor_text(files, store::StorePaths(directory).cursors() / name);
  return text && text.value().next ? to_number(*text.value().next) - 1 : 0;
}

void print_memory_of_sink(const BenchOptions& options, const CorpusStore& store,
                          const std::string& what, const std::string& url) {
  const TempDirectory scratch;
  const std::filesystem::path log = scratch.path() / "log";
  const std::string file = "file://" + (scratch.path() / "all.jsonl").string() + "?rotate=0";
  const double without = peak_of_shipping(options, store, log, "memory-of-file", file);
  const double with = peak_of_shipping(options, store, log, "memory", url);
  constexpr double kMiB = 1024 * 1024;
  print_row({.what = what + ": memory beyond that of shipping to a file",
             .figure = fmt::format("{:.1f} MiB of {:.1f}", (with - without) / kMiB, with / kMiB),
             .limit = fmt::format("{:.0f} MiB", kCap / kMiB),
             .ratio = (with - without) / kCap,
             .bar = "1.0 at most"});
}

}  // namespace tally::bench
