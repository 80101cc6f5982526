#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/corpus_segments.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/segment_bench_options.h"
#include "bench/temp_directory.h"
#include "store/disk/posix_file_system.h"
#include "store/segment/block_header.h"
#include "store/segment/packed_bytes.h"
#include "store/segment/segment_footer.h"
#include "store/segment/segment_format.h"
#include "store/segment/segment_schema.h"

// Stored bytes per event, by what they are spent on: of events that were posted in large batches,
// and of such as were posted and committed one by one, which have a time of receipt and a place in
// the hash chain each.

namespace tally::bench {
namespace {

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

void measure(const SegmentBenchOptions& options, std::size_t frame_bytes, const std::string& what) {
  const TempDirectory directory;
  store::PosixFileSystem files;
  const store::Path path = directory.path() / "segment";
  const store::SegmentSummary summary =
      seal_commits(files, path, CorpusCommits(frame_bytes).next(options.events));
  fmt::print("\n{}\n", what);
  print_bytes(whole_file(files, path), summary);
  fmt::print("\n");
  print_figure(what, fmt::format("{:.2f}", static_cast<double>(summary.stored_bytes) /
                                               static_cast<double>(options.events)));
}

void run(const SegmentBenchOptions& options) {
  measure(options, kBatchBytes, "segment: stored bytes per event");
  measure(options, 0, "segment: stored bytes per event, each a commit of its own");
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(
      tally::bench::parse_segment_bench_options(argc, argv, "What segments take on the disk."));
}
