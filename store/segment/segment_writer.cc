#include "store/segment/segment_writer.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "store/disk/sha256.h"
#include "store/segment/block_builder.h"
#include "store/segment/needle_filter.h"
#include "store/segment/segment_footer.h"
#include "store/segment/segment_format.h"
#include "store/segment/segment_schema.h"
#include "store/segment/text_hash.h"

namespace tally::store {
namespace {

/// The core alone: what attachments the journal has are of no use any more.
CommitHeader core_of(const CommitHeader& header) {
  CommitHeader core;
  core.first = header.first;
  core.runs = header.runs;
  core.frames = header.frames;
  core.previous_core = header.previous_core;
  return core;
}

}  // namespace

struct SegmentWriter::State {
  State(std::unique_ptr<File> opened, Path where, const SegmentIdentity& identity)
      : file(std::move(opened)), path(std::move(where)) {
    footer.identity = identity;
  }

  Result<void> write(std::string_view bytes) { return write(std::array{bytes}); }
  Result<void> write(std::span<const std::string_view> parts);
  Result<void> write_header();

  Error corruption(std::string_view what) const {
    return {Errc::corruption, path.string() + ": " + std::string(what)};
  }
  bool commit_is_whole() const noexcept { return frame == commit.frames.size(); }
  Result<void> add_line(std::string_view line);
  Result<void> flush();
  void note_block(const BlockHeader& header, std::string section);

  Result<void> write_shared();
  Result<SharedExtent> write_extent(std::string_view bytes);
  Result<void> write_filter();
  void note_words();
  Result<SegmentSummary> write_footer();

  std::unique_ptr<File> file;
  Path path;
  std::uint64_t offset = 0;  ///< where the file ends
  SegmentTables tables;
  BlockBuilder block{tables};
  SegmentFooter footer;
  Sha256 previous_header{};

  // The commit at hand, and how far its frames and runs have been taken.
  CommitHeader commit;
  std::size_t frame = 0;
  std::size_t run = 0;
  std::uint32_t run_taken = 0;
  std::uint64_t run_offset = 0;
};

Result<SegmentWriter> SegmentWriter::create(FileSystem& files, const Path& path,
                                            const SegmentIdentity& identity) {
  TALLY_TRY(auto file, files.open(path, OpenMode::create));
  auto state = std::make_unique<State>(std::move(file), path, identity);
  TALLY_TRY(state->write_header());
  return SegmentWriter(std::move(state));
}

SegmentWriter::SegmentWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
SegmentWriter::~SegmentWriter() = default;
SegmentWriter::SegmentWriter(SegmentWriter&&) noexcept = default;
SegmentWriter& SegmentWriter::operator=(SegmentWriter&&) noexcept = default;

Result<void> SegmentWriter::State::write(std::span<const std::string_view> parts) {
  TALLY_TRY(file->write_at(offset, parts));
  for (const std::string_view part : parts) offset += part.size();
  return ok();
}

Result<void> SegmentWriter::State::write_header() {
  const std::string header = encode_segment_header(footer.identity);
  previous_header = sha256_of(header);
  return write(header);
}

Result<void> SegmentWriter::begin_commit(const CommitHeader& header, const Sha256& core_hash) {
  State& state = *state_;
  SegmentFooter& footer = state.footer;
  if (!state.commit_is_whole()) return state.corruption("a commit's data frame is missing");
  if (header.first != advance(footer.identity.first, footer.count)) {
    return state.corruption("a commit does not follow on the one before it");
  }
  if (!footer.chain) footer.chain = ChainEnds{header.previous_core, header.previous_core};
  if (header.previous_core != footer.chain->last_core) {
    return state.corruption("a commit names another one as its predecessor");
  }
  footer.chain->last_core = core_hash;
  for (const Run& run : header.runs) footer.received = std::max(footer.received, run.received);
  state.commit = core_of(header);
  state.frame = state.run = 0;
  state.run_taken = 0;
  CommitOutlines& outlines = state.block.commits();
  outlines.frames.push_back(static_cast<std::int64_t>(header.frames.size()));
  outlines.runs.push_back(static_cast<std::int64_t>(header.runs.size()));
  for (const FrameDigest& frame : header.frames) outlines.frame_counts.push_back(frame.count);
  return ok();
}

Result<void> SegmentWriter::add_frame(std::string_view lines) {
  State& state = *state_;
  if (state.commit_is_whole()) return state.corruption("a data frame that no commit names");
  const FrameDigest& digest = state.commit.frames[state.frame];
  if (lines.size() != digest.lines_bytes || sha256_of(lines) != digest.lines_sha256) {
    return state.corruption("a data frame is not the one that its commit names");
  }
  std::uint32_t count = 0;
  while (!lines.empty()) {
    const std::size_t length = lines.find('\n');
    if (length == std::string_view::npos || ++count > digest.count) {
      return state.corruption("a data frame does not have as many lines as its commit says");
    }
    TALLY_TRY(state.add_line(lines.substr(0, length)));
    lines.remove_prefix(length + 1);
  }
  if (count != digest.count) {
    return state.corruption("a data frame does not have as many lines as its commit says");
  }
  ++state.frame;
  return ok();
}

Result<void> SegmentWriter::State::add_line(std::string_view line) {
  if (run == commit.runs.size()) return corruption("a commit has events without provenance");
  const Run& current = commit.runs[run];
  const bool begins = run_taken == 0;
  if (begins) run_offset = current.offset;
  block.add(advance(footer.identity.first, footer.count), line, {&current, begins, run_offset});
  run_offset = next_offset(current, run_offset, line.size());
  if (++run_taken == current.count) {
    ++run;
    run_taken = 0;
  }
  ++footer.count;
  footer.lines_bytes += line.size() + 1;
  return block.full() ? flush() : ok();
}

Result<void> SegmentWriter::State::flush() {
  BlockBuilder::Encoded encoded = block.encode();
  encoded.header.previous = previous_header;
  std::string section;
  put_block_header(section, encoded.header);
  previous_header = sha256_of(section);
  TALLY_TRY(write(std::array<std::string_view, 2>{section, encoded.parts}));
  note_block(encoded.header, std::move(section));
  return ok();
}

void SegmentWriter::State::note_block(const BlockHeader& header, std::string section) {
  const bool first = footer.blocks.empty();
  footer.earliest = first ? header.earliest : std::min(footer.earliest, header.earliest);
  footer.latest = first ? header.latest : std::max(footer.latest, header.latest);
  footer.uncounted += header.uncounted;
  footer.blocks.push_back(std::move(section));
}

Result<SegmentSummary> SegmentWriter::finish() {
  State& state = *state_;
  if (!state.commit_is_whole()) return state.corruption("a commit's data frame is missing");
  if (!state.block.empty()) {
    TALLY_TRY(state.flush());
  }
  state.footer.commits_behind = std::move(state.block.commits());
  state.footer.counts = std::move(state.tables.counts);
  if (!state.footer.blocks.empty()) {
    TALLY_TRY(state.write_shared());
  }
  return state.write_footer();
}

/// The schema, the filter, and the schema again: one damaged stretch does not hit both copies.
Result<void> SegmentWriter::State::write_shared() {
  std::string schema;
  put_schema(schema, tables.schema, tables.shapes);
  std::string packed;
  BytesPacker().pack(packed, schema, BytesKind::text);
  footer.schema.emplace();
  footer.schema->unpacked_bytes = static_cast<std::uint32_t>(schema.size());
  TALLY_TRY(footer.schema->stored, write_extent(packed));
  TALLY_TRY(write_filter());
  footer.schema->copy_offset = offset;
  return write(packed);
}

Result<SharedExtent> SegmentWriter::State::write_extent(std::string_view bytes) {
  const SharedExtent extent{offset, static_cast<std::uint32_t>(bytes.size()), sha256_of(bytes)};
  TALLY_TRY(write(bytes));
  return extent;
}

/// Without one, if there are too many strings or strange ones, the segment has to be searched.
Result<void> SegmentWriter::State::write_filter() {
  if (!tables.all_hashes) return ok();
  note_words();
  const auto filter = NeedleFilter::build(std::move(tables.hashes));
  if (!filter) return ok();
  TALLY_TRY(const SharedExtent extent, write_extent(*filter));
  footer.filter = extent;
  return ok();
}

/// Adds the dictionaries' words to the strings of the filter.
void SegmentWriter::State::note_words() {
  const auto& columns = tables.schema.columns();
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].kind != ColumnKind::word) continue;
    const WordTable& words = tables.schema.words(i);
    for (std::uint32_t code = 0; code < words.size(); ++code) {
      tables.hashes.push_back(needle_hash(words.text(code)));
    }
  }
}

Result<SegmentSummary> SegmentWriter::State::write_footer() {
  const std::string section = FooterCodec().encode(footer);
  if (section.size() > kFooterMax) {
    return Error{Errc::too_large, path.string() + ": the footer is past its limit"};
  }
  const std::string trailer = encode_trailer(section.size());
  TALLY_TRY(write(std::array<std::string_view, 2>{section, trailer}));
  TALLY_TRY(file->sync_data());
  return SegmentSummary{.number = footer.identity.number,
                        .first = footer.identity.first,
                        .count = footer.count,
                        .earliest = footer.earliest,
                        .latest = footer.latest,
                        .received = footer.received,
                        .lines_bytes = footer.lines_bytes,
                        .stored_bytes = offset,
                        .footer_sha256 = sha256_of(section),
                        .filter = filter_extent(footer)};
}

}  // namespace tally::store
