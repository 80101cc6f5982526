#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/corpus_segments.h"
#include "bench/cpu.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/segment_bench_options.h"
#include "bench/temp_directory.h"
#include "store/disk/posix_file_system.h"
#include "store/disk/sha256.h"
#include "store/segment/block_builder.h"
#include "store/segment/events_tree.h"
#include "store/segment/needle_filter.h"
#include "store/segment/text_hash.h"

// CPU time that sealing takes: the whole, then each of its stages once more by itself.

namespace tally::bench {
namespace {

/// CPU-seconds of `work`, per million of `events`.
template <class Work>
double cpu_per_million(std::uint64_t events, Work work) {
  const double begin = thread_cpu_seconds();
  work();
  return (thread_cpu_seconds() - begin) * 1e6 / static_cast<double>(events);
}

void print_stages(const std::vector<CorpusCommit>& commits, std::uint64_t events, double whole) {
  fmt::print("\nCPU-seconds to seal a million events: {:.3f}\n", whole);
  const auto stage = [&](std::string_view name, auto work) {
    fmt::print("  {:6.3f}  {}\n", cpu_per_million(events, work), name);
  };
  stage("SHA-256 of the frames", [&] {
    for (const CorpusCommit& commit : commits) store::sha256_of(commit.frame.lines);
  });
  stage("events_root: SHA-256 of leaves and nodes", [&] {
    store::EventsTree tree;
    Run run;
    run.source = "127.0.0.1";
    tree.begin_run(run);
    std::uint32_t in_block = 0;
    for_each_line(commits, [&](std::string_view line) {
      tree.add(kFirstSequence, 0, line);
      if (++in_block % store::kBlockEvents != 0) return;
      tree.root();
      tree.clear();
    });
    tree.root();
  });
  stage("lines to shapes and values", [&] {
    store::SegmentTables tables;
    store::LineShaper shaper(tables.schema);
    store::ShapeMatcher matcher(tables.schema);
    store::ShapedLine shaped;
    for_each_line(commits, [&](std::string_view line) {
      if (matcher.match(line, shaped)) return;
      shaper.shape(line, store::Detail::full, shaped);
      const std::uint32_t known = tables.shapes.size();
      if (tables.shapes.find_or_add(shaped, store::Detail::full) == known) {
        matcher.learn(shaped.shape, known);
      }
    });
  });
  stage("needle filter of as many ids as half the events", [&] {
    std::vector<std::uint64_t> hashes;
    for (std::uint64_t i = 0; i < events / 2; ++i) hashes.push_back(store::mixed(i));
    require(store::NeedleFilter::build(std::move(hashes)).has_value(), "there is no filter");
  });
}

void run(const SegmentBenchOptions& options) {
  const TempDirectory directory;
  store::PosixFileSystem files;
  const store::Path path = directory.path() / "segment";
  const std::vector<CorpusCommit> commits = CorpusCommits(kBatchBytes).next(options.events);
  std::vector<double> sealing;
  while (sealing.size() < options.repetitions) {
    if (!sealing.empty()) require(files.remove(path).has_value(), "remove the segment");
    sealing.push_back(cpu_per_million(options.events, [&] { seal_commits(files, path, commits); }));
  }
  print_stages(commits, options.events, median(sealing));
  fmt::print("\n");
  print_row({"segment: CPU-seconds to seal a million events",
             fmt::format("{:.3f}", median(sealing)), "1.2", median(sealing) / 1.2, "<= 1"});
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(
      tally::bench::parse_segment_bench_options(argc, argv, "What it costs to make segments."));
}
