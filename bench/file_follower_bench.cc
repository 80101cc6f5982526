#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "bench/bare_kernel_limit.h"
#include "bench/bench_options.h"
#include "bench/collector_process.h"
#include "bench/corpus_frames.h"
#include "bench/cpu.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/store_check.h"
#include "bench/temp_directory.h"

// A followed file end to end: events per CPU-second of a real collector, from a file that grows to
// the disk, against the bare-kernel limit of the same bytes without its receiving; and how often a
// collector wakes up that has nothing to do.

namespace tally::bench {
namespace {

constexpr std::size_t kPieceBytes = 1024 * 1024;
constexpr std::chrono::milliseconds kLook{20};
constexpr std::chrono::seconds kIdle{5};
constexpr double kPatience = 120;  // seconds

void append(const std::filesystem::path& path, std::string_view lines) {
  std::ofstream file(path, std::ios::app | std::ios::binary);
  file.write(lines.data(), static_cast<std::streamsize>(lines.size()));
  require(file.flush().good(), "append to " + path.string());
}

void wait_until_stored(const CollectorProcess& collector, std::uint64_t events) {
  const double deadline = wall_seconds() + kPatience;
  while (collector.metric("tally_store_next_sequence") <= static_cast<double>(events)) {
    require(wall_seconds() < deadline, "the follower does not keep up");
    std::this_thread::sleep_for(kLook);
  }
}

double idle_wakeups_per_second(const CollectorProcess& collector) {
  const std::uint64_t before = context_switches(collector.pid());
  std::this_thread::sleep_for(kIdle);
  const auto wakeups = static_cast<double>(context_switches(collector.pid()) - before);
  return wakeups / std::chrono::duration<double>(kIdle).count();
}

void check_stored(const std::filesystem::path& data, const std::vector<CorpusFrame>& pieces) {
  std::vector<PostedBody> bodies;
  std::vector<Acknowledged> acknowledged;
  std::uint64_t next = 1;
  for (const CorpusFrame& piece : pieces) {
    acknowledged.push_back({.body = bodies.size(), .first_seq = next});
    bodies.push_back({.lines = piece.lines, .events = piece.events});
    next += piece.events;
  }
  require(check_store(data, bodies, std::move(acknowledged)), "what is stored");
}

struct Measured {
  std::vector<double> events_per_cpu_second;
  double bytes_per_sync = 0;
  double idle_wakeups = 0;
};

Measured measure_collector(const BenchOptions& options, const Cores& cores,
                           const std::vector<CorpusFrame>& pieces) {
  const TempDirectory directory;
  const std::filesystem::path data = directory.path() / "data";
  const std::filesystem::path followed = directory.path() / "audit.jsonl";
  append(followed, "");
  CollectorProcess collector({.program = options.tally,
                              .directory = data,
                              .core = cores.server,
                              .arguments = {"--io-threads", "1", "--tail", followed.string()}});
  collector.start();
  Measured measured;
  std::uint64_t stored = 0;
  std::size_t next = 0;
  for (std::size_t i = 0; i < options.repetitions; ++i) {
    std::string lines;
    const std::uint64_t stored_before = stored;
    for (; next < pieces.size() * (i + 1) / options.repetitions; ++next) {
      lines += pieces[next].lines;
      stored += pieces[next].events;
    }
    const double before = process_cpu_seconds(collector.pid());
    append(followed, lines);
    wait_until_stored(collector, stored);
    measured.events_per_cpu_second.push_back(static_cast<double>(stored - stored_before) /
                                             (process_cpu_seconds(collector.pid()) - before));
  }
  measured.bytes_per_sync = collector.metric("tally_store_written_bytes_total") /
                            collector.metric("tally_store_commits_total");
  measured.idle_wakeups = idle_wakeups_per_second(collector);
  require(collector.stop() == 0, "the collector did not stop cleanly");
  check_stored(data, pieces);
  return measured;
}

// The median of what one core cannot be spared, but for receiving.
double limit_events_per_second(const BenchOptions& options, const Cores& cores,
                               const std::string& lines, double bytes_per_sync) {
  const TempDirectory directory;
  pin_to_core(cores.server);
  std::vector<double> limits;
  for (std::size_t i = 0; i < options.repetitions; ++i) {
    const BareKernelLimit limit =
        measure_bare_kernel(lines, {.directory = directory.path(),
                                    .frame_bytes = kPieceBytes,
                                    .sync_bytes = static_cast<std::size_t>(bytes_per_sync),
                                    .sender_core = cores.client});
    limits.push_back(static_cast<double>(limit.events) /
                     (limit.total_seconds() - limit.receive_seconds));
  }
  pin_to_core(cores.client);
  return median(limits);
}

void run(const BenchOptions& options) {
  const Cores cores = pick_cores();
  pin_to_core(cores.client);
  const std::vector<CorpusFrame> pieces =
      corpus_frames(options.amount(1'000'000, 50'000), kPieceBytes);
  const Measured measured = measure_collector(options, cores, pieces);
  const double limit =
      limit_events_per_second(options, cores, joined_lines(pieces), measured.bytes_per_sync);
  print_row({.what = "followed file / bare-kernel limit without receiving",
             .figure = describe_runs(measured.events_per_cpu_second, "events/CPU-s"),
             .limit = with_unit(limit, "events/CPU-s"),
             .ratio = median(measured.events_per_cpu_second) / limit,
             .bar = "0.80"});
  print_figure("idle collector that follows a file",
               fmt::format("{:.1f} wake-ups/s", measured.idle_wakeups));
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(tally::bench::parse_bench_options(
      argc, argv, "A followed file to a real collector, against the bare-kernel limit."));
}
