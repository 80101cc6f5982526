#include "app/segments_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "app/damage_text.h"
#include "model/time.h"
#include "query/output.h"
#include "query/table_writer.h"
#include "store/segment/segment_reader.h"
#include "store/store_listing.h"

namespace tally::app {
namespace {

struct SegmentsOptions {
  std::string data;
  std::string format;
};

double ratio(std::uint64_t lines_bytes, std::uint64_t stored_bytes) {
  return stored_bytes == 0 ? 0
                           : static_cast<double>(lines_bytes) / static_cast<double>(stored_bytes);
}

void print_jsonl(const store::SegmentSummary& segment, std::string& out) {
  out += fmt::format(R"({{"number":{},"first_seq":{},"events":{},"earliest":"{}","latest":"{}",)"
                     R"("lines_bytes":{},"stored_bytes":{}}})"
                     "\n",
                     segment.number, to_number(segment.first), segment.count,
                     format_rfc3339(segment.earliest), format_rfc3339(segment.latest),
                     segment.lines_bytes, segment.stored_bytes);
}

void add_row(query::TableWriter& table, const store::SegmentSummary& segment, std::string& out) {
  const std::array<std::string, 8> cells{
      std::to_string(segment.number),
      std::to_string(to_number(segment.first)),
      std::to_string(segment.count),
      segment.count == 0 ? "" : format_rfc3339(segment.earliest),
      segment.count == 0 ? "" : format_rfc3339(segment.latest),
      std::to_string(segment.lines_bytes),
      std::to_string(segment.stored_bytes),
      fmt::format("{:.1f}", ratio(segment.lines_bytes, segment.stored_bytes))};
  std::array<std::string_view, 8> views;
  std::ranges::copy(cells, views.begin());
  table.add_row(views, out);
}

/// Below the table, on stderr: what is not in it, and the sum.
void print_totals(const store::StoreListing& listing) {
  std::uint64_t events = 0;
  std::uint64_t lines_bytes = 0;
  std::uint64_t stored_bytes = 0;
  for (const store::SegmentSummary& segment : listing.manifest.segments) {
    events += segment.count;
    lines_bytes += segment.lines_bytes;
    stored_bytes += segment.stored_bytes;
  }
  fmt::print(stderr,
             "{} segments: {} events, {} bytes of lines in {} bytes ({:.1f} to 1, {:.1f} bytes an "
             "event); {} journal files are not sealed\n",
             listing.manifest.segments.size(), events, lines_bytes, stored_bytes,
             ratio(lines_bytes, stored_bytes), ratio(stored_bytes, events),
             listing.journals.size());
}

/// Looks at each footer: blocks that are damaged show only when they are read.
std::uint64_t warn_of_damage(const store::StoreListing& listing, const store::StorePaths& paths,
                             store::FileSystem& files) {
  std::uint64_t damaged = listing.unreadable.size();
  for (const std::uint64_t number : listing.unreadable) {
    fail("warning: " + damage_text({paths.segment_file(number), 0, 0, Sequence{0}, 0}));
  }
  for (const store::SegmentSummary& segment : listing.manifest.segments) {
    const store::Path path = paths.segment_file(segment.number);
    const auto opened = store::SegmentReader::open(files, path);
    if (opened && is_same_segment(opened.value().summary(), segment)) continue;
    ++damaged;
    fail("warning: " + damage_text({path, 0, 0, segment.first, segment.count}) +
         (opened ? "" : " (" + opened.error().context + ")"));
  }
  if (damaged > 0) fail(kSalvageHint);
  return damaged;
}

Result<int> print_segments(const SegmentsOptions& options, CommandContext& context) {
  const store::StorePaths paths(options.data);
  TALLY_TRY(const auto listing, store::list_store(context.files, paths));
  if (listing.empty()) return Error{Errc::not_found, "there is no store in " + options.data};
  query::Output output(STDOUT_FILENO);
  query::TableWriter table({{"number", true},
                            {"first", true},
                            {"events", true},
                            {"earliest"},
                            {"latest"},
                            {"lines", true},
                            {"stored", true},
                            {"ratio", true}},
                           context.terminal.colours);
  const bool jsonl = options.format == "jsonl";
  for (const store::SegmentSummary& segment : listing.manifest.segments) {
    if (jsonl) {
      print_jsonl(segment, output.text());
    } else {
      add_row(table, segment, output.text());
    }
    TALLY_TRY(output.flush_if_full());
  }
  table.finish(output.text());
  TALLY_TRY(output.finish());
  if (!jsonl) print_totals(listing);
  return warn_of_damage(listing, paths, context.files) > 0 ? kExitPartly : kExitOk;
}

}  // namespace

void add_segments_command(CLI::App& root, CommandContext& context) {
  auto options = std::make_shared<SegmentsOptions>();
  options->format = context.terminal.output ? "table" : "jsonl";
  CLI::App* command =
      root.add_subcommand("segments", "List the segments: ranges, counts, sizes, ratios");
  add_data_option(*command, options->data);
  command->add_option("-o,--output", options->format, "Default: table on a terminal, else jsonl")
      ->type_name("table|jsonl")
      ->check(CLI::IsMember({"table", "jsonl"}).description(""));
  command->footer("Exit code: 0 all are there, 1 some are damaged or missing, 2 error.");
  command->callback([options, &context] {
    const Result<int> code = print_segments(*options, context);
    context.exit_code = code ? code.value() : fail(code.error());
  });
}

}  // namespace tally::app
