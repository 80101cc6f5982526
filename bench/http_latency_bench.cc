#include <fmt/format.h>

#include <algorithm>

#include "bench/bench_options.h"
#include "bench/blocking_client.h"
#include "bench/collector_process.h"
#include "bench/corpus.h"
#include "bench/cpu.h"
#include "bench/http_load.h"
#include "bench/require.h"
#include "bench/round_trip_check.h"
#include "bench/row.h"
#include "bench/temp_directory.h"
#include "bench/zero_file.h"

// How long a single post waits for its durable answer at half load, open loop, against the bare
// fdatasync that no answer can be faster than. The two take turns, so that both meet the same disk.

namespace tally::bench {
namespace {

constexpr std::size_t kClosedLoopConnections = 32;
constexpr std::size_t kOpenLoopConnections = 256;
constexpr std::size_t kDistinctEvents = 2048;
constexpr std::size_t kTurns = 10;

std::vector<LoadRound> make_rounds() {
  std::vector<LoadRound> rounds;
  CorpusGenerator corpus(CorpusOptions{});
  for (std::size_t i = 0; i < kDistinctEvents; ++i) {
    std::string line;
    corpus.append_line(line);
    line.pop_back();
    rounds.push_back({.bytes = post_request("/v1/events", kJson, line)});
  }
  return rounds;
}

double quantile(std::vector<double>& values, double q) {
  const auto at = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

// How much the collector has committed.
struct Committed {
  double bytes = 0;
  double commits = 0;
};

Committed read_committed(const CollectorProcess& collector) {
  return {.bytes = collector.metric("tally_store_written_bytes_total"),
          .commits = collector.metric("tally_store_commits_total")};
}

void append_syncs(std::vector<double>& seconds, ZeroFile& file, std::size_t bytes,
                  std::uint64_t count) {
  const std::string piece(bytes, 'x');
  for (std::uint64_t i = 0; i < count; ++i) {
    const double before = wall_seconds();
    file.append_and_sync(piece);
    seconds.push_back(wall_seconds() - before);
  }
}

struct Latencies {
  std::vector<double> answers;
  std::vector<double> syncs;
  double rate = 0;
  double bytes_per_sync = 0;
};

Latencies measure(const BenchOptions& options, const Cores& cores, CollectorProcess& collector,
                  const std::filesystem::path& directory) {
  const std::vector<LoadRound> rounds = make_rounds();
  const LoadTotals most = run_closed_loop(collector.port(), kClosedLoopConnections, rounds,
                                          options.amount(100'000, 4'000), is_accepted);
  Latencies latencies;
  latencies.rate = static_cast<double>(most.requests) / most.seconds / 2;

  const std::uint64_t posts_per_turn = options.amount(20'000, 1'000);
  const std::uint64_t syncs_per_turn = options.amount(500, 50);
  std::unique_ptr<ZeroFile> zeros;
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    const Committed before = read_committed(collector);
    const std::vector<double> answers =
        run_open_loop(collector.port(), kOpenLoopConnections, rounds, posts_per_turn,
                      latencies.rate, is_accepted);
    const Committed after = read_committed(collector);
    latencies.answers.insert(latencies.answers.end(), answers.begin(), answers.end());
    if (zeros == nullptr) {
      latencies.bytes_per_sync = (after.bytes - before.bytes) / (after.commits - before.commits);
      const auto bytes = static_cast<std::uint64_t>(latencies.bytes_per_sync);
      zeros = std::make_unique<ZeroFile>(directory, bytes * syncs_per_turn * kTurns);
    }
    pin_to_core(cores.server);
    append_syncs(latencies.syncs, *zeros, static_cast<std::size_t>(latencies.bytes_per_sync),
                 syncs_per_turn);
    pin_to_core(cores.client);
  }
  return latencies;
}

void run(const BenchOptions& options) {
  const Cores cores = pick_cores();
  pin_to_core(cores.client);
  const TempDirectory directory;
  CollectorProcess collector({.program = options.tally,
                              .directory = directory.path() / "data",
                              .core = cores.server,
                              .arguments = {"--io-threads", "1"}});
  collector.start();
  Latencies latencies = measure(options, cores, collector, directory.path());
  require(collector.stop() == 0, "the collector did not stop cleanly");

  const double answer = quantile(latencies.answers, 0.99);
  const double sync = quantile(latencies.syncs, 0.99);
  print_row({.what = fmt::format("single posts at half load ({}): p99 / p99 of a bare sync",
                                 with_unit(latencies.rate, "posts/s")),
             .figure = fmt::format("{:.0f} us (p50 {:.0f})", answer * 1e6,
                                   quantile(latencies.answers, 0.5) * 1e6),
             .limit = fmt::format("{:.0f} us (p50 {:.0f}, {:.0f} bytes)", sync * 1e6,
                                  quantile(latencies.syncs, 0.5) * 1e6, latencies.bytes_per_sync),
             .ratio = answer / sync,
             .bar = "3.0 at most"});
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(tally::bench::parse_bench_options(
      argc, argv, "Latency of single posts at half load, against a bare fdatasync."));
}
