#include <fmt/format.h>

#include <csignal>
#include <memory>
#include <vector>

#include "bench/bench_options.h"
#include "bench/blocking_client.h"
#include "bench/child_process.h"
#include "bench/collector_process.h"
#include "bench/corpus_frames.h"
#include "bench/cpu.h"
#include "bench/http_load.h"
#include "bench/require.h"
#include "bench/round_trip_check.h"
#include "bench/row.h"
#include "bench/ship_process.h"
#include "bench/temp_directory.h"

// Whether a sink slows the collector down: batches at full rate into a collector that has a core to
// itself, while shipper and receiver share the other one with the client, and without them.

namespace tally::bench {
namespace {

constexpr std::size_t kConnections = 8;
constexpr std::size_t kBodyBytes = 1024 * 1024;
constexpr const char* kName = "beside";

struct Bench {
  BenchOptions options;
  Cores cores;
  std::vector<LoadRound> rounds;
  std::string url;
};

/// Events a second that the collector takes.
double ingest_rate(const Bench& bench, bool shipping, std::vector<double>& shipped_shares) {
  const TempDirectory directory;
  const std::filesystem::path data = directory.path() / "data";
  CollectorProcess collector({.program = bench.options.tally,
                              .directory = data,
                              .core = bench.cores.server,
                              .arguments = {"--io-threads", "1"}});
  collector.start();
  std::unique_ptr<ChildProcess> shipper;
  if (shipping) {
    // Below the client, which is what is measured by.
    const std::vector<std::string> command{
        "nice", "-n", "10", bench.options.tally, "ship", "--data", data, "--to", bench.url};
    shipper = std::make_unique<ChildProcess>(
        command, ChildProcess::Options{bench.cores.client, directory.path() / "log"});
  }
  const LoadTotals totals = run_closed_loop(collector.port(), kConnections, bench.rounds,
                                            bench.rounds.size(), is_accepted);
  if (shipping) {
    const std::uint64_t shipped = events_shipped(data, kName);
    require(shipped > 0, "nothing was shipped meanwhile");
    shipped_shares.push_back(static_cast<double>(shipped) / static_cast<double>(totals.events));
    shipper->send_signal(SIGTERM);
    shipper->wait();
  }
  require(collector.stop() == 0, "the collector did not stop cleanly");
  return static_cast<double>(totals.events) / totals.seconds;
}

void run(const BenchOptions& options) {
  if (options.peer.empty()) give_up("say with --peer where a receiver is: see bench/README.md");
  Bench bench{
      options, pick_cores(), {}, fmt::format("loki+http://{}?name={}", options.peer, kName)};
  pin_to_core(bench.cores.client);
  for (const CorpusFrame& frame : corpus_frames(options.amount(4'000'000, 2'000'000), kBodyBytes)) {
    bench.rounds.push_back({post_request("/v1/events", kNdjson, frame.lines), 1, frame.events});
  }
  std::vector<double> with;
  std::vector<double> without;
  std::vector<double> ratios;
  std::vector<double> shares;
  for (std::size_t turn = 0; turn < options.repetitions; ++turn) {
    without.push_back(ingest_rate(bench, false, shares));
    with.push_back(ingest_rate(bench, true, shares));
    ratios.push_back(with.back() / without.back());
  }
  print_row({.what = "batches into a collector beside a shipper: events",
             .figure = describe_runs(with, "events/s"),
             .limit = with_unit(median(without), "events/s without it"),
             .ratio = median(ratios),
             .bar = "0.9"});
  print_figure("the same: share of the events that was shipped meanwhile",
               fmt::format("{:.2f}", median(shares)));
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(tally::bench::parse_bench_options(
      argc, argv, "A collector that takes batches while its store is shipped."));
}
