#include <fmt/format.h>

#include "bench/bare_kernel_limit.h"
#include "bench/bench_options.h"
#include "bench/blocking_client.h"
#include "bench/collector_process.h"
#include "bench/corpus_frames.h"
#include "bench/cpu.h"
#include "bench/http_load.h"
#include "bench/require.h"
#include "bench/round_trip_check.h"
#include "bench/row.h"
#include "bench/temp_directory.h"

// Batches end to end: events per CPU-second of a real collector on one core, validated, hashed and
// durable before they are answered, against the bare-kernel limit of the same bytes.

namespace tally::bench {
namespace {

constexpr std::size_t kConnections = 8;
constexpr std::size_t kOverloadConnections = 10 * kConnections;
constexpr std::size_t kBodyBytes = 1024 * 1024;

std::vector<LoadRound> make_rounds(const std::vector<CorpusFrame>& bodies) {
  std::vector<LoadRound> rounds;
  for (const CorpusFrame& body : bodies) {
    rounds.push_back({.bytes = post_request("/v1/events", kNdjson, body.lines),
                      .requests = 1,
                      .events = body.events});
  }
  return rounds;
}

void check(const BenchOptions& options, const std::vector<CorpusFrame>& bodies,
           const std::vector<LoadRound>& rounds) {
  std::vector<PostedBody> posted;
  for (const CorpusFrame& body : bodies) {
    posted.push_back({.lines = body.lines, .events = body.events});
  }
  check_round_trip(options, kConnections, rounds, posted);
}

struct Measured {
  std::vector<double> events_per_cpu_second;
  std::vector<double> events_per_second;
  double bytes_per_sync = 0;
  double peak_rss_bytes = 0;
};

Measured measure_collector(const BenchOptions& options, const Cores& cores,
                           const std::vector<LoadRound>& rounds) {
  const TempDirectory directory;
  CollectorProcess collector({.program = options.tally,
                              .directory = directory.path() / "data",
                              .core = cores.server,
                              .arguments = {"--io-threads", "1"}});
  collector.start();
  Measured measured;
  for (std::size_t i = 0; i < options.repetitions; ++i) {
    const double before = process_cpu_seconds(collector.pid());
    const LoadTotals totals =
        run_closed_loop(collector.port(), kConnections, rounds, rounds.size(), is_accepted);
    const auto events = static_cast<double>(totals.events);
    measured.events_per_cpu_second.push_back(events /
                                             (process_cpu_seconds(collector.pid()) - before));
    measured.events_per_second.push_back(events / totals.seconds);
  }
  measured.bytes_per_sync = collector.metric("tally_store_written_bytes_total") /
                            collector.metric("tally_store_commits_total");
  measured.peak_rss_bytes = peak_rss_bytes(collector.pid());
  require(collector.stop() == 0, "the collector did not stop cleanly");
  return measured;
}

bool is_accepted_or_put_off(const LoadRound& round, const HttpAnswer& answer) {
  return answer.status == 503 || is_accepted(round, answer);
}

// The most memory that it takes with ten times as many bodies under way.
double measure_overload(const BenchOptions& options, const Cores& cores,
                        const std::vector<LoadRound>& rounds) {
  const TempDirectory directory;
  CollectorProcess collector({.program = options.tally,
                              .directory = directory.path() / "data",
                              .core = cores.server,
                              .arguments = {"--io-threads", "1"}});
  collector.start();
  run_closed_loop(collector.port(), kOverloadConnections, rounds, rounds.size(),
                  is_accepted_or_put_off);
  const double peak = peak_rss_bytes(collector.pid());
  require(collector.stop() == 0, "the collector did not stop cleanly");
  return peak;
}

void print_memory(const char* what, double peak_bytes, double limit_mebibytes) {
  const double mebibytes = peak_bytes / (1024 * 1024);
  print_row({.what = what,
             .figure = fmt::format("{:.1f} MiB", mebibytes),
             .limit = fmt::format("{:.0f} MiB", limit_mebibytes),
             .ratio = mebibytes / limit_mebibytes,
             .bar = "1.0 at most"});
}

// Of the runs, the one with the median total.
BareKernelLimit measure_limit(const BenchOptions& options, const Cores& cores,
                              const std::string& lines, double bytes_per_sync) {
  const TempDirectory directory;
  pin_to_core(cores.server);
  std::vector<BareKernelLimit> limits;
  std::vector<double> totals;
  for (std::size_t i = 0; i < options.repetitions; ++i) {
    limits.push_back(
        measure_bare_kernel(lines, {.directory = directory.path(),
                                    .frame_bytes = kBodyBytes,
                                    .sync_bytes = static_cast<std::size_t>(bytes_per_sync),
                                    .sender_core = cores.client}));
    totals.push_back(limits.back().total_seconds());
  }
  pin_to_core(cores.client);
  const double middle = median(totals);
  for (const BareKernelLimit& limit : limits) {
    if (limit.total_seconds() == middle) return limit;
  }
  return limits.front();
}

void run(const BenchOptions& options) {
  const std::vector<CorpusFrame> bodies =
      corpus_frames(options.amount(1'000'000, 50'000), kBodyBytes);
  const std::vector<LoadRound> rounds = make_rounds(bodies);
  check(options, bodies, rounds);

  const Cores cores = pick_cores();
  pin_to_core(cores.client);
  const Measured measured = measure_collector(options, cores, rounds);
  const BareKernelLimit limit =
      measure_limit(options, cores, joined_lines(bodies), measured.bytes_per_sync);

  const double figure = median(measured.events_per_cpu_second);
  print_row({.what = "HTTP batches of 1 MiB, 8 connections / bare-kernel limit",
             .figure = describe_runs(measured.events_per_cpu_second, "events/CPU-s"),
             .limit = with_unit(limit.events_per_second(), "events/CPU-s"),
             .ratio = figure / limit.events_per_second(),
             .bar = "0.80"});
  print_figure("HTTP batches: by the wall's clock",
               describe_runs(measured.events_per_second, "events/s"));
  print_figure("HTTP batches: stored at once", with_unit(measured.bytes_per_sync, "bytes/sync"));
  print_memory("HTTP batches: peak memory of the collector", measured.peak_rss_bytes, 64);
  print_memory("HTTP batches: peak memory with 80 connections",
               measure_overload(options, cores, rounds), 128);
  print_limit(limit);
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(tally::bench::parse_bench_options(
      argc, argv, "1 MiB batches to a real collector, against the bare-kernel limit."));
}
