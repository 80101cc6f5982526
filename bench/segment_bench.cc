// What segments cost and give: stored bytes per event by column, CPU time to seal by stage,
// decoding against libzstd on the same rows, and looking few events up among many.

#include <fmt/format.h>
#include <zstd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bench/corpus.h"
#include "bench/corpus_frames.h"
#include "bench/cpu.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/temp_directory.h"
#include "store/disk/posix_file_system.h"
#include "store/disk/sha256_hasher.h"
#include "store/journal/commit_core.h"
#include "store/segment/block_builder.h"
#include "store/segment/block_decoder.h"
#include "store/segment/needle_filter.h"
#include "store/segment/segment_cursor.h"
#include "store/segment/segment_footer.h"
#include "store/segment/segment_format.h"
#include "store/segment/segment_reader.h"
#include "store/segment/segment_schema.h"
#include "store/segment/segment_search.h"
#include "store/segment/segment_writer.h"
#include "store/segment/text_hash.h"

namespace tally::bench {
namespace {

using store::Sha256;

constexpr std::size_t kFrameBytes = 1024 * 1024;

struct SealedCommit {
  store::CommitHeader header;
  Sha256 core_hash{};
};

/// The next events of the corpus in frames of at most kFrameBytes, which is what clients post.
std::vector<CorpusFrame> next_frames(CorpusGenerator& corpus, std::uint64_t events) {
  std::string lines;
  corpus.append_lines(lines, events);
  std::vector<CorpusFrame> frames;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = frame_end(lines, begin, kFrameBytes);
    CorpusFrame frame{lines.substr(begin, end - begin), 0};
    frame.events =
        static_cast<std::uint32_t>(std::count(frame.lines.begin(), frame.lines.end(), '\n'));
    frames.push_back(std::move(frame));
    begin = end;
  }
  return frames;
}

/// The commits that a journal would hold of the frames: each a request of its own.
std::vector<SealedCommit> commits_of(const std::vector<CorpusFrame>& frames, Sequence next) {
  store::Sha256Hasher hasher;
  std::vector<SealedCommit> commits;
  Sha256 previous{};
  UtcTime received{std::chrono::seconds{1'769'205'300}};
  for (const CorpusFrame& frame : frames) {
    SealedCommit commit;
    commit.header.first = next;
    commit.header.previous_core = previous;
    commit.header.frames.push_back(
        {frame.events, static_cast<std::uint32_t>(frame.lines.size()), hasher.hash(frame.lines)});
    commit.header.runs.push_back({.count = frame.events,
                                  .received = received += std::chrono::microseconds{812'345},
                                  .kind = SourceKind::http,
                                  .line_end = 0,
                                  .offset = 0,
                                  .source = "192.0.2.7",
                                  .client = "container-engine"});
    std::string core;
    store::put_core(core, commit.header);
    commit.core_hash = previous = hasher.hash(core);
    next = advance(next, frame.events);
    commits.push_back(std::move(commit));
  }
  return commits;
}

store::SegmentSummary seal(store::FileSystem& files, const store::Path& path,
                           const std::vector<CorpusFrame>& frames,
                           const std::vector<SealedCommit>& commits) {
  auto writer =
      require(store::SegmentWriter::create(files, path, {{}, 1, commits.front().header.first}),
              "create the segment");
  for (std::size_t i = 0; i < frames.size(); ++i) {
    require(writer.begin_commit(commits[i].header, commits[i].core_hash).has_value(),
            "a commit is not taken");
    require(writer.add_frame(frames[i].lines).has_value(), "a frame is not taken");
  }
  return require(writer.finish(), "finish the segment");
}

std::string whole_file(store::FileSystem& files, const store::Path& path) {
  auto file = require(files.open(path, store::OpenMode::read), "open the segment");
  std::string bytes(require(file->size(), "size of the segment"), '\0');
  require(
      require(file->read_at(0, {bytes.data(), bytes.size()}), "read the segment") == bytes.size(),
      "the segment is cut short");
  return bytes;
}

store::SegmentFooter footer_of(const std::string& bytes) {
  const std::string_view view = bytes;
  const std::size_t trailer = view.size() - store::kTrailerBytes;
  const std::size_t length = require(store::decode_trailer(view.substr(trailer)), "trailer");
  return require(store::FooterCodec().decode(view.substr(trailer - length, length)), "footer");
}

store::SegmentSchema schema_of(const std::string& bytes, const store::SegmentFooter& footer) {
  const auto& extent = *footer.schema;
  store::ByteReader in(std::string_view(bytes).substr(extent.stored.offset, extent.stored.bytes));
  std::string schema;
  store::BytesUnpacker().unpack(in, extent.unpacked_bytes, schema);
  return require(store::SegmentSchema::decode(schema), "schema");
}

std::string part_name(std::uint32_t number, const store::SegmentSchema& schema) {
  switch (number) {
    case store::kShapesPart:
      return "shapes";
    case store::kRunsPart:
      return "provenance";
    case store::kCommitsPart:
      return "commits";
    case store::kCountsPart:
      return "counts";
    default:
      break;
  }
  std::string path = schema.columns()[(number - store::kFirstColumnPart) / 2].path;
  std::replace(path.begin(), path.end(), store::kPathSeparator, '.');
  return path;
}

/// Stored bytes per event, by what they are spent on.
void print_bytes(const std::string& bytes, const store::SegmentSummary& summary) {
  const store::SegmentFooter footer = footer_of(bytes);
  const store::SegmentSchema schema = schema_of(bytes, footer);
  std::map<std::string, std::uint64_t> spent;
  std::uint64_t headers = 0;
  for (const std::string& section : footer.blocks) {
    headers += section.size();
    const store::BlockHeader header = require(store::read_block_header(section), "block header");
    for (const store::BlockPart& part : header.parts) {
      spent[part_name(part.number, schema)] += part.bytes;
    }
  }
  spent["(block headers)"] = headers;
  spent["(schema, twice)"] = 2 * std::uint64_t{footer.schema->stored.bytes};
  spent["(needle filter)"] = footer.filter ? footer.filter->bytes : 0;
  std::uint64_t named = 0;
  std::vector<std::pair<std::uint64_t, std::string>> sorted;
  for (const auto& [name, size] : spent) {
    named += size;
    sorted.emplace_back(size, name);
  }
  sorted.emplace_back(bytes.size() - named, "(footer)");
  std::sort(sorted.rbegin(), sorted.rend());
  const auto events = static_cast<double>(summary.count);
  fmt::print("\nstored bytes per event: {:.3f} of {:.1f}; {} blocks, {} shapes, {} columns\n",
             static_cast<double>(bytes.size()) / events,
             static_cast<double>(summary.lines_bytes) / events, footer.blocks.size(),
             schema.shapes(), schema.columns().size());
  for (const auto& [size, name] : sorted) {
    fmt::print("  {:8.4f}  {}\n", static_cast<double>(size) / events, name);
  }
}

/// CPU-seconds of `work`, per million of `events`.
template <class Work>
double cpu_per_million(std::uint64_t events, Work work) {
  const double begin = thread_cpu_seconds();
  work();
  return (thread_cpu_seconds() - begin) * 1e6 / static_cast<double>(events);
}

template <class Each>
void for_each_line(const std::vector<CorpusFrame>& frames, Each each) {
  for (const CorpusFrame& frame : frames) {
    std::string_view lines = frame.lines;
    while (!lines.empty()) {
      const std::size_t length = lines.find('\n');
      each(lines.substr(0, length));
      lines.remove_prefix(length + 1);
    }
  }
}

/// Each stage once more by itself.
void print_stages(const std::vector<CorpusFrame>& frames, std::uint64_t events, double whole) {
  fmt::print("\nCPU-seconds to seal a million events: {:.3f}\n", whole);
  const auto stage = [&](std::string_view name, auto work) {
    fmt::print("  {:6.3f}  {}\n", cpu_per_million(events, work), name);
  };
  store::Sha256Hasher hasher;
  stage("SHA-256 of the frames", [&] {
    for (const CorpusFrame& frame : frames) hasher.hash(frame.lines);
  });
  stage("events_root: SHA-256 of leaves and nodes", [&] {
    store::MerkleTree tree(hasher);
    std::string leaf(45, 'x');
    for_each_line(frames, [&](std::string_view line) {
      leaf.resize(45);
      leaf += line;
      tree.add(leaf);
    });
  });
  stage("lines to shapes and values", [&] {
    store::SegmentTables tables;
    store::LineShaper shaper(tables.schema);
    store::ShapeMatcher matcher(tables.schema);
    store::ShapedLine shaped;
    for_each_line(frames, [&](std::string_view line) {
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
    std::string filter;
    store::NeedleFilter::put(filter, hashes);
  });
}

struct ZstdRows {
  std::vector<std::string> frames;
  std::size_t largest = 0;
};

ZstdRows compress(const std::vector<CorpusFrame>& frames) {
  ZstdRows rows;
  for (const CorpusFrame& frame : frames) {
    std::string out(ZSTD_compressBound(frame.lines.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), frame.lines.data(), frame.lines.size(), 1));
    rows.frames.push_back(std::move(out));
    rows.largest = std::max(rows.largest, frame.lines.size());
  }
  return rows;
}

/// Events per core-second that libzstd gives back of the same rows.
double zstd_rate(const ZstdRows& rows, std::uint64_t events) {
  ZSTD_DCtx* const zstd = ZSTD_createDCtx();
  std::string out(rows.largest, '\0');
  const double seconds = cpu_per_million(events, [&] {
    for (const std::string& frame : rows.frames) {
      const std::size_t size =
          ZSTD_decompressDCtx(zstd, out.data(), out.size(), frame.data(), frame.size());
      require(ZSTD_isError(size) == 0, "zstd does not decompress");
    }
  });
  ZSTD_freeDCtx(zstd);
  return 1e6 / seconds;
}

double segment_rate(store::SegmentReader& reader, std::uint64_t events) {
  const double seconds = cpu_per_million(events, [&] {
    const store::Selection everything;
    store::SegmentCursor cursor(reader, kFirstSequence, everything);
    while (require(cursor.next(), "decode a block")) {
    }
  });
  return 1e6 / seconds;
}

/// A wrong answer has no figure.
void check_lines(store::SegmentReader& reader, const std::vector<CorpusFrame>& frames) {
  const store::Selection everything;
  store::SegmentCursor cursor(reader, kFirstSequence, everything);
  const std::string expected = joined_lines(frames);
  std::string_view left = expected;
  while (const auto chunk = require(cursor.next(), "decode a block")) {
    require(left.starts_with(chunk->lines), "a segment gives other lines back");
    left.remove_prefix(chunk->lines.size());
  }
  require(left.empty(), "a segment lacks lines");
}

/// How often each container occurs, and a request's id from somewhere in the middle.
struct Needles {
  std::map<std::string, std::uint64_t, std::less<>> containers;
  std::string id;

  void look_at(const std::vector<CorpusFrame>& frames);
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

void Needles::look_at(const std::vector<CorpusFrame>& frames) {
  for_each_line(frames, [&](std::string_view line) {
    const std::string_view name = text_behind(line, R"("container": ")");
    if (name.empty()) return;
    const auto known = containers.find(name);
    if (known == containers.end()) {
      containers.emplace(name, 1);
    } else {
      ++known->second;
    }
  });
  for_each_line({frames[frames.size() / 2]}, [&](std::string_view line) {
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

/// Warm, on one thread, from opening the files to the lines.
void print_look_up(store::FileSystem& files, const std::vector<store::Path>& paths,
                   const std::string& what, std::string_view path, std::string_view text,
                   std::uint64_t expected, double milliseconds_max) {
  require(look_up(files, paths, path, text) == expected, "a look-up finds other events");
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    const double begin = thread_cpu_seconds();
    look_up(files, paths, path, text);
    times.push_back((thread_cpu_seconds() - begin) * 1e3);
  }
  print_row({"segment: " + what, fmt::format("{:.1f} CPU-ms, {} found", median(times), expected),
             fmt::format("{} ms", milliseconds_max), median(times) / milliseconds_max, "<= 1"});
}

/// Writes one segment; the first of them is measured.
void measure_sealing(store::FileSystem& files, const store::Path& path,
                     const std::vector<CorpusFrame>& frames, std::uint64_t events,
                     int repetitions) {
  const std::vector<SealedCommit> commits = commits_of(frames, kFirstSequence);
  store::SegmentSummary summary;
  std::vector<double> sealing;
  for (int i = 0; i < repetitions; ++i) {
    if (i > 0) require(files.remove(path).has_value(), "remove the segment");
    sealing.push_back(
        cpu_per_million(events, [&] { summary = seal(files, path, frames, commits); }));
  }
  print_bytes(whole_file(files, path), summary);
  print_stages(frames, events, median(sealing));
  fmt::print("\n");
  print_figure("segment: stored bytes per event",
               fmt::format("{:.2f}", static_cast<double>(summary.stored_bytes) /
                                         static_cast<double>(events)));
  print_row({"segment: CPU-seconds to seal a million events",
             fmt::format("{:.3f}", median(sealing)), "1.2", median(sealing) / 1.2, "<= 1"});
}

void measure_decoding(store::FileSystem& files, const store::Path& path,
                      const std::vector<CorpusFrame>& frames, std::uint64_t events,
                      int repetitions) {
  auto reader = require(store::SegmentReader::open(files, path), "open the segment");
  check_lines(reader, frames);
  const ZstdRows rows = compress(frames);
  std::vector<double> ours;
  std::vector<double> theirs;
  for (int i = 0; i < repetitions; ++i) {
    ours.push_back(segment_rate(reader, events));
    theirs.push_back(zstd_rate(rows, events));
  }
  print_row({"segment: decode to lines / zstd -1 of the rows",
             with_unit(median(ours), "events/CPU-s"), with_unit(median(theirs), "events/CPU-s"),
             median(ours) / median(theirs), "1.0"});
}

void run(std::uint64_t events, int segments, int repetitions) {
  const TempDirectory directory;
  store::PosixFileSystem files;
  CorpusGenerator corpus({});
  Needles needles;
  std::vector<store::Path> paths;
  Sequence next = kFirstSequence;
  for (int i = 0; i < segments; ++i) {
    const std::vector<CorpusFrame> frames = next_frames(corpus, events);
    paths.push_back(store::Path(directory.path()) / std::to_string(i));
    if (i == 0) {
      measure_sealing(files, paths.back(), frames, events, repetitions);
      measure_decoding(files, paths.back(), frames, events, repetitions);
    } else {
      seal(files, paths.back(), frames, commits_of(frames, next));
    }
    needles.look_at(frames);
    next = advance(next, events);
  }
  const auto names = needles.by_rarity();
  const auto container = [&](const std::string& what, const std::string& name, double bar) {
    print_look_up(files, paths, what, "container", name, needles.containers[name], bar);
  };
  const std::string of_all =
      fmt::format(" of {}", with_unit(static_cast<double>(events) * segments, "events"));
  container("rarest container" + of_all, names.front(), 50);
  container("median container" + of_all, names[names.size() / 2], 80);
  print_look_up(files, paths, "one request_id" + of_all, "", needles.id, 1, 25);
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  CLI::App app("What segments cost and give.");
  bool short_run = false;
  std::uint64_t events = 1'000'000;
  int segments = 10;
  app.add_flag("--short", short_run, "Seconds instead of minutes; figures of little worth");
  app.add_option("--events", events, "How many events a segment has");
  app.add_option("--segments", segments, "How many segments are looked up in");
  CLI11_PARSE(app, argc, argv);
  if (short_run) events = std::min<std::uint64_t>(events, 100'000);
  tally::bench::run(events, short_run ? 2 : segments, short_run ? 1 : 3);
  return 0;
}
