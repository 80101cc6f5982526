#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
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
#include "store/segment/block_decoder.h"
#include "store/segment/segment_reader.h"
#include "store/segment/segment_search.h"

// Finding few events among many, on one thread, from opening the files to the lines: with all files
// in the page cache, where CPU time is what counts, and with none of them, where the disk does.

namespace tally::bench {
namespace {

/// How often each container occurs, and a request's id from somewhere in the middle.
struct Needles {
  std::map<std::string, std::uint64_t, std::less<>> containers;
  std::string id;

  void look_at(const std::vector<CorpusCommit>& commits);
  /// The containers in order of how rare they are.
  std::vector<std::string> by_rarity() const;
};

/// What stands behind `key` in the line, up to the next quote; nothing if it has no such key.
std::string_view text_behind(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + key.size());
  return rest.substr(0, rest.find('"'));
}

void Needles::look_at(const std::vector<CorpusCommit>& commits) {
  for_each_line(commits, [&](std::string_view line) {
    const std::string_view name = text_behind(line, R"("container": ")");
    if (name.empty()) return;
    const auto known = containers.find(name);
    if (known == containers.end()) {
      containers.emplace(name, 1);
    } else {
      ++known->second;
    }
  });
  for_each_line({commits[commits.size() / 2]}, [&](std::string_view line) {
    if (id.empty()) id = text_behind(line, R"("request_id": ")");
  });
}

std::vector<std::string> Needles::by_rarity() const {
  std::vector<std::string> names;
  for (const auto& [name, count] : containers) names.push_back(name);
  std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return containers.find(a)->second < containers.find(b)->second;
  });
  return names;
}

/// How many events all segments have with the string; writes the line of each.
std::uint64_t look_up(store::FileSystem& files, const std::vector<store::Path>& paths,
                      std::string_view path, std::string_view text) {
  std::uint64_t found = 0;
  for (const store::Path& segment : paths) {
    auto reader = require(store::SegmentReader::open(files, segment), "open a segment");
    auto search = require(store::SegmentSearch::prepare(reader, path, text), "ask the filter");
    for (std::size_t i = 0; i < reader.blocks().size() && !search.hopeless(); ++i) {
      const auto rows = require(search.rows(i), "search a block");
      if (rows.empty()) continue;
      const std::string_view lines = require(search.block().lines(rows), "write the lines");
      found += static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
    }
  }
  return found;
}

/// Written segments are synced, so all of their pages are clean and can go.
void drop_page_cache(store::FileSystem& files, const std::vector<store::Path>& paths) {
  for (const store::Path& path : paths) {
    require(files.open(path, store::OpenMode::read), "open a segment")->drop_cache();
  }
}

struct Wanted {
  std::string what;
  std::string path;  ///< of the column, or empty for any
  std::string text;
  std::uint64_t count = 0;  ///< events that have it
  double milliseconds_max = 0;
};

void measure(store::FileSystem& files, const std::vector<store::Path>& paths, const Wanted& wanted,
             std::size_t repetitions) {
  const auto look = [&] {
    require(look_up(files, paths, wanted.path, wanted.text) == wanted.count,
            "a look-up finds other events");
  };
  look();
  std::vector<double> warm;
  while (warm.size() < repetitions) {
    const double begin = thread_cpu_seconds();
    look();
    warm.push_back((thread_cpu_seconds() - begin) * 1e3);
  }
  std::vector<double> cold;
  while (cold.size() < repetitions) {
    drop_page_cache(files, paths);
    const double begin = wall_seconds();
    look();
    cold.push_back((wall_seconds() - begin) * 1e3);
  }
  print_row({"segment: " + wanted.what,
             fmt::format("{:.1f} CPU-ms, {} found", median(warm), wanted.count),
             fmt::format("{} ms", wanted.milliseconds_max), median(warm) / wanted.milliseconds_max,
             "<= 1"});
  print_figure("the same, not in the page cache", fmt::format("{:.1f} ms", median(cold)));
}

void run(const SegmentBenchOptions& options) {
  const TempDirectory directory;
  store::PosixFileSystem files;
  CorpusCommits corpus(kBatchBytes);
  Needles needles;
  std::vector<store::Path> paths;
  for (int i = 0; i < options.segments; ++i) {
    const std::vector<CorpusCommit> commits = corpus.next(options.events);
    paths.push_back(store::Path(directory.path()) / std::to_string(i));
    seal_commits(files, paths.back(), commits);
    needles.look_at(commits);
  }
  const auto names = needles.by_rarity();
  const std::string of_all =
      " of " + with_unit(static_cast<double>(options.events) * options.segments, "events");
  const auto container = [&](const std::string& what, const std::string& name, double bar) {
    measure(files, paths, {what + of_all, "container", name, needles.containers[name], bar},
            options.repetitions);
  };
  container("rarest container", names.front(), 50);
  container("median container", names[names.size() / 2], 80);
  measure(files, paths, {"one request_id" + of_all, "", needles.id, 1, 25}, options.repetitions);
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(tally::bench::parse_segment_bench_options(
      argc, argv, "How fast few events are found among many."));
}
