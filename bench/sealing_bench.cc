#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

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

// Sealing beside the load: what it costs a collector that takes batches at half the most it can
// take, whether it keeps up, and how long acknowledgements take with it and without.

namespace tally::bench {
namespace {

constexpr std::size_t kConnections = 8;
constexpr std::size_t kBodyBytes = 1024 * 1024;
constexpr std::chrono::milliseconds kLook{20};
constexpr double kPatience = 300;  // seconds

std::vector<LoadRound> make_rounds(const std::vector<CorpusFrame>& bodies) {
  std::vector<LoadRound> rounds;
  rounds.reserve(bodies.size());
  for (const CorpusFrame& body : bodies) {
    rounds.push_back({.bytes = post_request("/v1/events", kNdjson, body.lines),
                      .requests = 1,
                      .events = body.events});
  }
  return rounds;
}

// Sizes of a journal file: a collector's own, with which it seals a file of some million events
// every few seconds; one with which it seals in a short run too; and one with which it never does
// so here.
constexpr const char* kUsual = "64MiB";
constexpr const char* kSealsSoon = "1MiB";
constexpr const char* kSealsNever = "256MiB";
constexpr const char* kManyEvents = "100000000";

struct Loaded {
  double median_answer = 0;  // seconds
  double p99_answer = 0;
  double sealer_seconds_per_million = 0;
  double peak_backlog = 0;
  double drain_seconds = 0;
  double peak_rss_bytes = 0;
};

double quantile(std::vector<double>& values, double q) {
  const auto at = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

double drain(const CollectorProcess& collector) {
  const double begin = wall_seconds();
  while (collector.metric("tally_store_seal_backlog_files") > 0) {
    require(wall_seconds() < begin + kPatience, "the backlog is not sealed");
    std::this_thread::sleep_for(kLook);
  }
  return wall_seconds() - begin;
}

/// Seals what is in the file that is being written too.
void seal_rest(const CollectorProcess& collector) {
  BlockingClient client(collector.port());
  const auto answer = client.exchange(post_request("/v1/admin/seal", kJson, ""));
  require(answer && answer->status == 200, "the rest is not sealed");
}

Loaded measure(const BenchOptions& options, const Cores& cores,
               const std::vector<LoadRound>& rounds, const char* file_bytes, double rate) {
  const TempDirectory directory;
  CollectorProcess collector({.program = options.tally,
                              .directory = directory.path() / "data",
                              .core = cores.server,
                              .arguments = {"--io-threads", "1", "--journal-file-bytes", file_bytes,
                                            "--journal-file-events", kManyEvents}});
  collector.start();
  Loaded loaded;
  std::uint64_t events = 0;
  std::vector<double> answers;
  for (std::size_t turn = 0; turn < options.repetitions; ++turn) {
    const std::vector<double> seconds =
        run_open_loop(collector.port(), kConnections, rounds, rounds.size(), rate, is_accepted);
    answers.insert(answers.end(), seconds.begin(), seconds.end());
    loaded.peak_backlog =
        std::max(loaded.peak_backlog, collector.metric("tally_store_seal_backlog_files"));
    for (const LoadRound& round : rounds) events += round.events;
  }
  loaded.drain_seconds = drain(collector);
  const bool sealed = collector.metric("tally_store_segments") > 0;
  require(sealed == (file_bytes != kSealsNever), "it sealed what it should not, or did not");
  if (sealed) seal_rest(collector);
  loaded.sealer_seconds_per_million = named_threads_cpu_seconds(collector.pid(), "tally-sealer") /
                                      static_cast<double>(events) * 1e6;
  loaded.median_answer = quantile(answers, 0.5);
  loaded.p99_answer = quantile(answers, 0.99);
  loaded.peak_rss_bytes = peak_rss_bytes(collector.pid());
  require(collector.stop() == 0, "the collector did not stop cleanly");
  return loaded;
}

// Bodies a second that a collector takes which never seals.
double unsealed_rate(const BenchOptions& options, const Cores& cores,
                     const std::vector<LoadRound>& rounds) {
  const TempDirectory directory;
  CollectorProcess collector({.program = options.tally,
                              .directory = directory.path() / "data",
                              .core = cores.server,
                              .arguments = {"--io-threads", "1", "--journal-file-bytes",
                                            kSealsNever, "--journal-file-events", kManyEvents}});
  collector.start();
  const LoadTotals totals =
      run_closed_loop(collector.port(), kConnections, rounds, rounds.size(), is_accepted);
  require(collector.stop() == 0, "the collector did not stop cleanly");
  return static_cast<double>(totals.requests) / totals.seconds;
}

void run(const BenchOptions& options) {
  const Cores cores = pick_cores();
  pin_to_core(cores.client);
  const std::vector<LoadRound> rounds =
      make_rounds(corpus_frames(options.amount(1'000'000, 50'000), kBodyBytes));
  const double rate = unsealed_rate(options, cores, rounds) / 2;
  const Loaded without = measure(options, cores, rounds, kSealsNever, rate);
  const Loaded with = measure(options, cores, rounds, options.brief ? kSealsSoon : kUsual, rate);
  print_row({.what = "sealing beside batches at half rate: CPU-seconds per million events",
             .figure = fmt::format("{:.2f} s", with.sealer_seconds_per_million),
             .limit = "1.2 s",
             .ratio = with.sealer_seconds_per_million / 1.2,
             .bar = "1.0 at most"});
  print_row({.what = "the same: median answer with sealing / without",
             .figure = fmt::format("{:.0f} us (p99 {:.0f})", with.median_answer * 1e6,
                                   with.p99_answer * 1e6),
             .limit = fmt::format("{:.0f} us (p99 {:.0f})", without.median_answer * 1e6,
                                  without.p99_answer * 1e6),
             .ratio = with.median_answer / without.median_answer,
             .bar = "1.1 at most"});
  print_figure("the same: files in the backlog, at the most",
               fmt::format("{:.0f}, drained {:.1f} s after the load", with.peak_backlog,
                           with.drain_seconds));
  print_row({.what = "the same: peak memory of the collector",
             .figure = fmt::format("{:.1f} MiB", with.peak_rss_bytes / (1024 * 1024)),
             .limit = "64 MiB",
             .ratio = with.peak_rss_bytes / (64.0 * 1024 * 1024),
             .bar = "1.0 at most"});
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(tally::bench::parse_bench_options(
      argc, argv, "A collector that seals while it takes batches."));
}
