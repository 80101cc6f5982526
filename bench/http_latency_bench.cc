#include <fmt/format.h>

#include <algorithm>

#include "bench/bench_options.h"
#include "bench/blocking_client.h"
#include "bench/collector_process.h"
#include "bench/corpus.h"
#include "bench/cpu.h"
#include "bench/http_load.h"
#include "bench/poisson_arrivals.h"
#include "bench/require.h"
#include "bench/round_trip_check.h"
#include "bench/row.h"
#include "bench/temp_directory.h"
#include "bench/zero_file.h"

// How long a single post waits for its durable answer at half load, open loop, against the bare
// fdatasync that no answer can be faster than, and against bare group commits of the same arrivals.
// They take turns, so that all meet the same disk. Why two: where the host stops this machine for
// 15 ms in every 100, that is one sync in a thousand, but one arrival in seven.

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

// The same arrivals served by nothing but syncs: all that have come by the end of one share the
// next.
void append_group_commits(std::vector<double>& seconds, ZeroFile& file, double bytes_per_post,
                          double rate, std::uint64_t posts) {
  PoissonArrivals arrivals(wall_seconds(), rate);
  std::vector<double> group;
  while (posts > 0) {
    group.clear();
    const double now = wall_seconds();
    for (; arrivals.next() <= now && group.size() < posts; arrivals.advance()) {
      group.push_back(arrivals.next());
    }
    if (group.empty()) continue;
    const double bytes = bytes_per_post * static_cast<double>(group.size());
    file.append_and_sync(std::string(static_cast<std::size_t>(bytes), 'x'));
    const double done = wall_seconds();
    for (const double arrived : group) seconds.push_back(done - arrived);
    posts -= group.size();
  }
}

struct Latencies {
  std::vector<double> answers;
  std::vector<double> syncs;
  std::vector<double> group_commits;
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
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    const Committed before = read_committed(collector);
    const std::vector<double> answers =
        run_open_loop(collector.port(), kOpenLoopConnections, rounds, posts_per_turn,
                      latencies.rate, is_accepted);
    const Committed after = read_committed(collector);
    latencies.answers.insert(latencies.answers.end(), answers.begin(), answers.end());
    const double bytes = after.bytes - before.bytes;
    latencies.bytes_per_sync = bytes / (after.commits - before.commits);
    const auto sync_bytes = static_cast<std::size_t>(latencies.bytes_per_sync);
    pin_to_core(cores.server);
    ZeroFile zeros(directory, sync_bytes * syncs_per_turn + static_cast<std::uint64_t>(bytes));
    append_syncs(latencies.syncs, zeros, sync_bytes, syncs_per_turn);
    append_group_commits(latencies.group_commits, zeros,
                         bytes / static_cast<double>(posts_per_turn), latencies.rate,
                         posts_per_turn);
    pin_to_core(cores.client);
  }
  return latencies;
}

struct Quantiles {
  double p50 = 0;
  double p99 = 0;
};

Quantiles quantiles(std::vector<double>& seconds) {
  return {.p50 = quantile(seconds, 0.5), .p99 = quantile(seconds, 0.99)};
}

std::string in_microseconds(const Quantiles& of) {
  return fmt::format("{:.0f} us (p50 {:.0f})", of.p99 * 1e6, of.p50 * 1e6);
}

void report(Latencies& latencies) {
  const Quantiles answers = quantiles(latencies.answers);
  const Quantiles syncs = quantiles(latencies.syncs);
  const Quantiles commits = quantiles(latencies.group_commits);
  const std::string rate = with_unit(latencies.rate, "posts/s");
  print_row(
      {.what = fmt::format("single posts at half load ({}): p99 / p99 of a bare sync", rate),
       .figure = in_microseconds(answers),
       .limit = fmt::format("{}, {:.0f} bytes", in_microseconds(syncs), latencies.bytes_per_sync),
       .ratio = answers.p99 / syncs.p99,
       .bar = "3.0 at most"});
  print_row({.what = "single posts at half load: p99 / p99 of bare group commits, same arrivals",
             .figure = in_microseconds(answers),
             .limit = in_microseconds(commits),
             .ratio = answers.p99 / commits.p99,
             .bar = "-"});
  print_row({.what = "single posts at half load: p50 / p50 of bare group commits, same arrivals",
             .figure = fmt::format("{:.0f} us", answers.p50 * 1e6),
             .limit = fmt::format("{:.0f} us", commits.p50 * 1e6),
             .ratio = answers.p50 / commits.p50,
             .bar = "-"});
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

  report(latencies);
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(tally::bench::parse_bench_options(
      argc, argv, "Latency of single posts at half load, against a bare fdatasync."));
}
