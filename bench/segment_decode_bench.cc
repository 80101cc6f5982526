#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/corpus_segments.h"
#include "bench/cpu.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/segment_bench_options.h"
#include "bench/temp_directory.h"
#include "store/disk/posix_file_system.h"
#include "store/segment/segment_cursor.h"
#include "store/segment/segment_reader.h"

// Turning a segment back into its lines, in turn with libzstd, which decompresses the same rows.

namespace tally::bench {
namespace {

struct ZstdRows {
  std::vector<std::string> frames;
  std::size_t largest = 0;
};

ZstdRows compress(const std::vector<CorpusCommit>& commits) {
  ZstdRows rows;
  for (const CorpusCommit& commit : commits) {
    const std::string& lines = commit.frame.lines;
    std::string out(ZSTD_compressBound(lines.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), lines.data(), lines.size(), 1));
    rows.frames.push_back(std::move(out));
    rows.largest = std::max(rows.largest, lines.size());
  }
  return rows;
}

/// Events per core-second that `work` gives back.
template <class Work>
double rate_of(std::uint64_t events, Work work) {
  const double begin = thread_cpu_seconds();
  work();
  return static_cast<double>(events) / (thread_cpu_seconds() - begin);
}

double zstd_rate(const ZstdRows& rows, std::uint64_t events) {
  ZSTD_DCtx* const zstd = ZSTD_createDCtx();
  std::string out(rows.largest, '\0');
  const double rate = rate_of(events, [&] {
    for (const std::string& frame : rows.frames) {
      const std::size_t size =
          ZSTD_decompressDCtx(zstd, out.data(), out.size(), frame.data(), frame.size());
      require(ZSTD_isError(size) == 0, "zstd does not decompress");
    }
  });
  ZSTD_freeDCtx(zstd);
  return rate;
}

double segment_rate(store::SegmentReader& reader, std::uint64_t events) {
  return rate_of(events, [&] {
    const store::Selection everything;
    store::SegmentCursor cursor(reader, kFirstSequence, everything);
    while (require(cursor.next(), "decode a block")) {
    }
  });
}

/// A wrong answer has no figure.
void check_lines(store::SegmentReader& reader, const std::vector<CorpusCommit>& commits) {
  std::string expected;
  for (const CorpusCommit& commit : commits) expected += commit.frame.lines;
  const store::Selection everything;
  store::SegmentCursor cursor(reader, kFirstSequence, everything);
  std::string_view left = expected;
  while (const auto chunk = require(cursor.next(), "decode a block")) {
    require(left.starts_with(chunk->lines), "a segment gives other lines back");
    left.remove_prefix(chunk->lines.size());
  }
  require(left.empty(), "a segment lacks lines");
}

void run(const SegmentBenchOptions& options) {
  const TempDirectory directory;
  store::PosixFileSystem files;
  const store::Path path = directory.path() / "segment";
  const std::vector<CorpusCommit> commits = CorpusCommits(kBatchBytes).next(options.events);
  seal_commits(files, path, commits);
  auto reader = require(store::SegmentReader::open(files, path), "open the segment");
  check_lines(reader, commits);
  const ZstdRows rows = compress(commits);
  std::vector<double> ours;
  std::vector<double> theirs;
  for (std::size_t i = 0; i < options.repetitions; ++i) {
    ours.push_back(segment_rate(reader, options.events));
    theirs.push_back(zstd_rate(rows, options.events));
  }
  print_row({"segment: decode to lines / zstd -1 of the rows",
             with_unit(median(ours), "events/CPU-s"), with_unit(median(theirs), "events/CPU-s"),
             median(ours) / median(theirs), "1.0"});
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(
      tally::bench::parse_segment_bench_options(argc, argv, "How fast segments give lines back."));
}
