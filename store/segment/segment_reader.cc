#include "store/segment/segment_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/disk/sha256.h"
#include "store/journal/run_slicer.h"
#include "store/segment/block_decoder.h"
#include "store/segment/filter_probe.h"
#include "store/segment/padded_read.h"
#include "store/segment/segment_audit.h"
#include "store/segment/segment_footer.h"
#include "store/segment/segment_format.h"

namespace tally::store {
namespace {

Error located(const Path& path, const Error& error) {
  return {error.code, path.string() + ": " + error.context};
}

}  // namespace

struct SegmentReader::State {
  Result<void> read_footer();
  Result<void> read_directory();
  Result<void> place_block(const std::string& section);
  Result<void> load_schema();
  Result<std::string> read_schema(std::uint64_t at);
  Result<BlockDecoder*> open_block(std::size_t index);
  Result<BlockDecoder*> begin_block(std::size_t index);
  Result<Chunk> read_block(std::size_t index, Sequence from);
  Error at_block(std::size_t index, const Error& error) const;

  std::unique_ptr<File> file;
  Path path;
  std::uint64_t header_bytes = 0;  ///< where the first block begins
  SegmentFooter footer;
  SegmentSummary summary;
  std::vector<BlockEntry> entries;
  std::vector<BlockHeader> headers;
  std::uint64_t blocks_end = 0;

  // From the first block that is read on.
  std::optional<SegmentSchema> schema;
  std::optional<BlockDecoder> decoder;
  std::optional<BlockParts> parts;  ///< of the block at hand
  std::size_t block = 0;            ///< which that is, if there are parts
  bool begun = false;               ///< the decoder has gone over to it
  RunList runs;
  RunSlicer slicer;
  bool own_header_damaged = false;  ///< of the block that was read last
};

Result<SegmentReader> SegmentReader::open(FileSystem& files, const Path& path) {
  TALLY_TRY(auto file, files.open(path, OpenMode::read));
  return open(std::move(file), path);
}

Result<SegmentReader> SegmentReader::open(std::unique_ptr<File> file, const Path& path) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->file = std::move(file);
  if (auto read = state->read_footer(); !read) return located(path, read.error());
  if (auto read = state->read_directory(); !read) return located(path, read.error());
  return SegmentReader(std::move(state));
}

SegmentReader::SegmentReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SegmentReader::~SegmentReader() = default;
SegmentReader::SegmentReader(SegmentReader&&) noexcept = default;
SegmentReader& SegmentReader::operator=(SegmentReader&&) noexcept = default;

Result<void> SegmentReader::State::read_footer() {
  TALLY_TRY(const std::uint64_t size, file->size());
  if (size < kTrailerBytes) return Error{Errc::corruption, "file is too short for a segment"};
  TALLY_TRY(const auto trailer, read_padded(*file, size - kTrailerBytes, kTrailerBytes));
  TALLY_TRY(const std::size_t bytes, decode_trailer(trailer.view()));
  if (bytes > size - kTrailerBytes) return Error{Errc::corruption, "footer is cut short"};
  const std::uint64_t offset = size - kTrailerBytes - bytes;
  TALLY_TRY(const auto section, read_padded(*file, offset, bytes));
  TALLY_TRY(footer, FooterCodec().decode(section.view()));
  summary = {.number = footer.identity.number,
             .first = footer.identity.first,
             .count = footer.count,
             .earliest = footer.earliest,
             .latest = footer.latest,
             .received = footer.received,
             .lines_bytes = footer.lines_bytes,
             .stored_bytes = size,
             .footer_sha256 = sha256_of(section.view()),
             .filter = filter_extent(footer)};
  blocks_end = footer.schema ? footer.schema->stored.offset : offset;
  if (blocks_end > offset) return Error{Errc::corruption, "schema lies within the footer"};
  header_bytes = encode_segment_header(footer.identity).size();
  return ok();
}

/// The blocks follow one another without a gap, in sequence and in the file: nothing of a directory
/// is believed that says otherwise.
Result<void> SegmentReader::State::read_directory() {
  for (const std::string& section : footer.blocks) {
    TALLY_TRY(place_block(section));
  }
  const bool ends = entries.empty() || entries.back().offset + entries.back().bytes == blocks_end;
  const std::uint64_t events =
      entries.empty()
          ? 0
          : distance(footer.identity.first, advance(entries.back().first, entries.back().count));
  if (!ends || events != footer.count || (events > 0 && !footer.schema)) {
    return Error{Errc::corruption, "footer contradicts its directory of blocks"};
  }
  return ok();
}

Result<void> SegmentReader::State::place_block(const std::string& section) {
  TALLY_TRY(BlockHeader header, read_block_header(section));
  BlockEntry entry{.first = header.first,
                   .count = header.count,
                   .earliest = header.earliest,
                   .latest = header.latest,
                   .lines_bytes = header.lines_bytes,
                   .offset = header_bytes,
                   .bytes = static_cast<std::uint32_t>(section.size() + parts_bytes(header))};
  Sequence expected = footer.identity.first;
  if (!entries.empty()) {
    expected = advance(entries.back().first, entries.back().count);
    entry.offset = entries.back().offset + entries.back().bytes;
  }
  if (entry.first != expected || entry.offset + entry.bytes > blocks_end) {
    return Error{Errc::corruption, "block is not where the one before it ends"};
  }
  entries.push_back(entry);
  headers.push_back(std::move(header));
  return ok();
}

Result<void> SegmentReader::State::load_schema() {
  if (decoder) return ok();
  auto bytes = read_schema(footer.schema->stored.offset);
  if (!bytes) bytes = read_schema(footer.schema->copy_offset);
  if (!bytes) return bytes.error();
  TALLY_TRY(schema, SegmentSchema::decode(bytes.value()));
  decoder.emplace(*schema);
  return ok();
}

Result<std::string> SegmentReader::State::read_schema(std::uint64_t at) {
  const SharedExtent& extent = footer.schema->stored;
  TALLY_TRY(const auto stored, read_padded(*file, at, extent.bytes));
  if (sha256_of(stored.view()) != extent.sha256) {
    return Error{Errc::corruption, "schema at offset " + std::to_string(at) + " is damaged"};
  }
  ByteReader in(stored.view());
  std::string bytes;
  BytesUnpacker().unpack(in, footer.schema->unpacked_bytes, bytes);
  if (in.failed() || !in.at_end()) return Error{Errc::corruption, "schema does not unpack"};
  return bytes;
}

Result<BlockDecoder*> SegmentReader::State::open_block(std::size_t index) {
  TALLY_TRY(load_schema());
  if (parts && block == index) return &*decoder;
  const BlockEntry& entry = entries[index];
  const BlockHeader& header = headers[index];
  parts.emplace(*file, header, entry.offset + entry.bytes - parts_bytes(header));
  block = index;
  begun = false;
  own_header_damaged = false;
  return &*decoder;
}

Result<BlockDecoder*> SegmentReader::State::begin_block(std::size_t index) {
  TALLY_TRY(BlockDecoder* const decoding, open_block(index));
  if (begun) return decoding;
  TALLY_TRY(decoding->begin(*parts));
  begun = true;
  return decoding;
}

Result<Chunk> SegmentReader::State::read_block(std::size_t index, Sequence from) {
  TALLY_TRY(open_block(index));
  const std::string& section = footer.blocks[index];
  TALLY_TRY(parts->load_with(section.size()));
  own_header_damaged = parts->own_header() != section;
  TALLY_TRY(BlockDecoder* const decoding, begin_block(index));
  TALLY_TRY(const std::string_view lines, decoding->lines());
  TALLY_TRY(runs, decoding->runs());
  const BlockEntry& entry = entries[index];
  const std::uint64_t before = from > entry.first ? distance(entry.first, from) : 0;
  const auto without = static_cast<std::uint32_t>(std::min<std::uint64_t>(before, entry.count));
  slicer = RunSlicer(runs.runs);
  Chunk chunk = slicer.take(lines, entry.count, without);
  chunk.first = advance(entry.first, without);
  return chunk;
}

Error SegmentReader::State::at_block(std::size_t index, const Error& error) const {
  return {error.code, path.string() + ": block at offset " + std::to_string(entries[index].offset) +
                          ": " + error.context};
}

const SegmentIdentity& SegmentReader::identity() const noexcept { return state_->footer.identity; }

const SegmentSummary& SegmentReader::summary() const noexcept { return state_->summary; }

std::span<const BlockEntry> SegmentReader::blocks() const noexcept { return state_->entries; }

Result<Chunk> SegmentReader::read_block(std::size_t index, Sequence from) {
  auto chunk = state_->read_block(index, from);
  if (!chunk) return state_->at_block(index, chunk.error());
  return chunk;
}

bool SegmentReader::own_header_damaged() const noexcept { return state_->own_header_damaged; }

Result<bool> SegmentReader::may_contain(std::string_view text) {
  if (state_->summary.count == 0) return false;
  auto answer = store::may_contain(*state_->file, state_->summary.filter, text);
  if (!answer) return located(state_->path, answer.error());
  return answer;
}

Result<const SegmentSchema*> SegmentReader::schema() {
  if (!state_->footer.schema) return Error{Errc::not_found, "an empty segment has no schema"};
  if (auto loaded = state_->load_schema(); !loaded) return located(state_->path, loaded.error());
  return &*state_->schema;
}

Result<BlockDecoder*> SegmentReader::open_block(std::size_t index) {
  auto block = state_->begin_block(index);
  if (!block) return state_->at_block(index, block.error());
  return block;
}

bool SegmentReader::has_column(std::size_t index, std::uint32_t column) const noexcept {
  const auto& parts = state_->headers[index].parts;
  return std::any_of(parts.begin(), parts.end(),
                     [&](const BlockPart& part) { return part.number == part_of_column(column); });
}

Result<std::optional<std::vector<std::uint32_t>>> SegmentReader::find_code(std::size_t index,
                                                                           std::uint32_t column,
                                                                           std::int64_t code) {
  auto block = state_->open_block(index);
  if (!block) return state_->at_block(index, block.error());
  auto found = block.value()->find_code(*state_->parts, column, code);
  if (!found) return state_->at_block(index, found.error());
  return found;
}

const EventCounts& SegmentReader::counts() const noexcept { return state_->footer.counts; }

std::uint64_t SegmentReader::uncounted() const noexcept { return state_->footer.uncounted; }

Result<void> SegmentReader::audit() {
  State& state = *state_;
  SegmentAudit audit(state.footer);
  for (std::size_t i = 0; i < state.entries.size(); ++i) {
    TALLY_TRY(const Chunk chunk, read_block(i));
    if (state.own_header_damaged) {
      return state.at_block(i, {Errc::corruption, "its header is not the footer's copy of it"});
    }
    TALLY_TRY(const auto commits, state.decoder->commits());
    const auto fits =
        audit.block(state.headers[i], state.parts->all(), chunk, state.runs.continued, commits);
    if (!fits) return state.at_block(i, fits.error());
  }
  if (auto fits = audit.end(); !fits) return located(state.path, fits.error());
  return ok();
}

}  // namespace tally::store
