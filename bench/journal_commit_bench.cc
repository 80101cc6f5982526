#include <fmt/format.h>

#include "bench/corpus_store.h"
#include "bench/cpu.h"
#include "bench/micro_bench.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/temp_directory.h"
#include "bench/zero_file.h"
#include "store/cursor.h"
#include "store/disk/posix_file_system.h"
#include "store/store.h"

namespace tally::bench {
namespace {

// What eight clients keep in flight.
constexpr std::size_t kBatchesInFlight = 8;

constexpr std::size_t kMebibyte = 1024 * 1024;

// What was committed once comes back once, byte for byte.
void check(const std::vector<store::Batch>& batches, const std::string& lines) {
  const TempDirectory directory;
  store::PosixFileSystem files;
  {
    const auto store = open_store(files, directory.path(), 4 * kMebibyte);
    for (const store::Batch& batch : batches) commit(*store, {batch});
  }
  auto cursor = require(store::Cursor::open(files, directory.path()), "open a cursor");
  std::string found;
  for (;;) {
    const auto chunk = require(cursor.next(), "read the store");
    if (!chunk) break;
    found += chunk->lines;
  }
  require(found == lines, "the store does not hold what was committed");
}

// CPU-seconds to write and sync `total_bytes` in pieces of `sync_bytes`, over zeros or appending.
double bare_store_seconds(std::uint64_t total_bytes, std::size_t sync_bytes, bool zeros_ahead) {
  const TempDirectory directory;
  ZeroFile file(directory.path(), zeros_ahead ? total_bytes + sync_bytes : 0);
  const std::string piece(sync_bytes, 'x');
  const double before = thread_cpu_seconds();
  for (std::uint64_t written = 0; written < total_bytes; written += sync_bytes) {
    file.append_and_sync(piece);
  }
  return thread_cpu_seconds() - before;
}

// The files are so small that the benchmark fills several: zeros are written ahead for each, and
// that work has to be in the figure in the right proportion.
void BM_JournalCommit(benchmark::State& state) {
  const auto frame_bytes = static_cast<std::size_t>(state.range(0));
  const auto file_bytes = static_cast<std::size_t>(state.range(1));
  const auto frames = corpus_frames(kBatchesInFlight * (frame_bytes / 230), frame_bytes);
  const std::vector<store::Batch> batches = encode_batches(frames);
  check(batches, joined_lines(frames));

  const TempDirectory directory;
  store::PosixFileSystem files;
  const auto store = open_store(files, directory.path(), file_bytes);
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<store::Batch> copies = batches;
    state.ResumeTiming();
    commit(*store, std::move(copies));
  }

  const store::StoreStats stats = store->stats();
  const auto commits = static_cast<double>(stats.commits);
  const double seconds = bare_store_seconds(
      stats.stored_bytes, static_cast<std::size_t>(stats.stored_bytes / stats.commits), true);
  state.counters["events_per_sync"] = static_cast<double>(stats.events) / commits;
  state.counters["syncs_per_s"] = benchmark::Counter(commits, benchmark::Counter::kIsRate);
  state.counters["sync_ms"] = stats.sync_seconds_total / commits * 1000;
  report_against(state, stats.events, static_cast<double>(stats.events) / seconds,
                 fmt::format("commit frames of {} KiB, {} in flight / write and sync",
                             frame_bytes / 1024, kBatchesInFlight));
}
BENCHMARK(BM_JournalCommit)
    ->ArgNames({"frame_bytes", "file_bytes"})
    ->Args({8 * 1024, 512 * 1024})
    ->Args({kMebibyte, 32 * kMebibyte})
    ->Iterations(100)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

double seconds_to_sync(ZeroFile& file, std::string_view piece) {
  const double before = wall_seconds();
  file.append_and_sync(piece);
  return wall_seconds() - before;
}

// What zeros written ahead are good for: the same pieces in turn past the end of a file and over
// zeros. In wall time, which is what an acknowledgement waits for.
void print_zeros_ahead(std::size_t bytes) {
  constexpr std::size_t kPieces = 200;
  const TempDirectory growing_directory;
  const TempDirectory zeros_directory;
  ZeroFile growing(growing_directory.path(), 0);
  ZeroFile zeros(zeros_directory.path(), kPieces * bytes);
  const std::string piece(bytes, 'x');
  std::vector<double> growing_seconds;
  std::vector<double> zeros_seconds;
  for (std::size_t i = 0; i < kPieces; ++i) {
    growing_seconds.push_back(seconds_to_sync(growing, piece));
    zeros_seconds.push_back(seconds_to_sync(zeros, piece));
  }
  const double limit = median(growing_seconds);
  const double figure = median(zeros_seconds);
  print_row({.what = fmt::format("sync {} KiB over zeros / appended", bytes / 1024),
             .figure = fmt::format("{:.0f} us", figure * 1e6),
             .limit = fmt::format("{:.0f} us", limit * 1e6),
             .ratio = figure / limit,
             .bar = "-"});
}

int run(int argc, char** argv) {
  const int status = run_micro_benchmarks(argc, argv);
  for (const std::size_t bytes : {4 * 1024, 64 * 1024, 512 * 1024}) print_zeros_ahead(bytes);
  return status;
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) { return tally::bench::run(argc, argv); }
