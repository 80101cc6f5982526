#include <fmt/format.h>

#include "bench/bench_options.h"
#include "bench/blocking_client.h"
#include "bench/collector_process.h"
#include "bench/corpus.h"
#include "bench/cpu.h"
#include "bench/http_load.h"
#include "bench/nginx.h"
#include "bench/require.h"
#include "bench/round_trip_check.h"
#include "bench/row.h"
#include "bench/temp_directory.h"

// Single events over kept connections: requests per CPU-second of the collector, each of them
// validated and durable before it is answered, against nginx answering 204 to the same client.

namespace tally::bench {
namespace {

constexpr std::size_t kDistinctEvents = 2048;

struct Case {
  std::size_t connections;
  std::uint32_t depth;
  std::uint64_t requests;  // per repetition
  std::string bar;
};

// Single posts, `depth` of them in each round, and their lines one after the other.
struct Posts {
  std::vector<LoadRound> rounds;
  std::vector<std::string> lines;
};

Posts make_posts(std::uint32_t depth) {
  Posts posts;
  CorpusGenerator corpus(CorpusOptions{});
  for (std::size_t i = 0; i < kDistinctEvents / depth; ++i) {
    LoadRound round{.bytes = "", .requests = depth, .events = depth};
    for (std::uint32_t request = 0; request < depth; ++request) {
      std::string line;
      corpus.append_line(line);
      round.bytes += post_request("/v1/events", kJson, line.substr(0, line.size() - 1));
      posts.lines.push_back(std::move(line));
    }
    posts.rounds.push_back(std::move(round));
  }
  return posts;
}

bool is_no_content(const LoadRound&, const HttpAnswer& answer) { return answer.status == 204; }

void check(const BenchOptions& options, std::size_t connections, const Posts& posts) {
  std::vector<PostedBody> bodies;
  for (const std::string& line : posts.lines) bodies.push_back({.lines = line, .events = 1});
  check_round_trip(options, connections, posts.rounds, bodies);
}

template <class CpuSeconds>
double requests_per_cpu_second(std::uint16_t port, const Case& load,
                               const std::vector<LoadRound>& rounds, const AnswerCheck& answers,
                               CpuSeconds&& cpu_seconds) {
  const double before = cpu_seconds();
  const LoadTotals totals =
      run_closed_loop(port, load.connections, rounds, load.requests / load.depth, answers);
  return static_cast<double>(totals.requests) / (cpu_seconds() - before);
}

void measure(const BenchOptions& options, const Cores& cores, const Case& load) {
  const Posts posts = make_posts(load.depth);
  check(options, load.connections, posts);

  const TempDirectory directory;
  CollectorProcess collector({.program = options.tally,
                              .directory = directory.path() / "data",
                              .core = cores.server,
                              .arguments = {"--io-threads", "1"}});
  collector.start();
  const Nginx nginx(cores.server);
  std::vector<double> figures;
  std::vector<double> limits;
  for (std::size_t i = 0; i < options.repetitions; ++i) {
    figures.push_back(
        requests_per_cpu_second(collector.port(), load, posts.rounds, is_accepted,
                                [&] { return process_cpu_seconds(collector.pid()); }));
    limits.push_back(requests_per_cpu_second(nginx.port(), load, posts.rounds, is_no_content,
                                             [&] { return nginx.cpu_seconds(); }));
  }
  print_row({.what = fmt::format("single posts, {} connections, {} deep / nginx 204",
                                 load.connections, load.depth),
             .figure = describe_runs(figures, "requests/CPU-s"),
             .limit = with_unit(median(limits), "requests/CPU-s"),
             .ratio = median(figures) / median(limits),
             .bar = load.bar});
  require(collector.stop() == 0, "the collector did not stop cleanly");
}

void run(const BenchOptions& options) {
  const Cores cores = pick_cores();
  pin_to_core(cores.client);
  const std::uint64_t requests = options.amount(100'000, 4'000);
  measure(options, cores, {.connections = 32, .depth = 1, .requests = requests, .bar = "0.6"});
  measure(options, cores, {.connections = 1000, .depth = 1, .requests = requests, .bar = "1.0"});
  measure(options, cores, {.connections = 32, .depth = 16, .requests = 4 * requests, .bar = "4.0"});
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(tally::bench::parse_bench_options(
      argc, argv, "Single posts to a real collector, against nginx answering 204."));
}
