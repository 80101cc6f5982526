#include "store/salvage/segment_salvage.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/disk/sha256.h"
#include "store/journal/run_slicer.h"
#include "store/salvage/block_search.h"
#include "store/salvage/schema_search.h"
#include "store/segment/block_decoder.h"
#include "store/segment/events_root.h"

namespace tally::store {
namespace {

/// The salvage of one file.
class SegmentSalvage {
 public:
  SegmentSalvage(File& file, const SalvageOptions& options, const SalvageOutlet& outlet)
      : file_(&file), options_(options), outlet_(outlet) {}

  Result<SalvageFindings> run() {
    TALLY_TRY(file_bytes_, file_->size());
    TALLY_TRY(found_, search_blocks(*file_, findings_));
    note_identity();
    TALLY_TRY(schemas_, search_schemas(*file_, found_, findings_));
    for (const FoundSchema& found : schemas_) decoders_.emplace_back(found.schema);
    if (schemas_.empty() && !found_.blocks.empty()) {
      findings_.note(found_.blocks_end, file_bytes_ - std::min(file_bytes_, found_.blocks_end),
                     "no copy of the schema can be read, without which no block can");
    }
    for (const FoundBlock& block : found_.blocks) {
      TALLY_TRY(give_block(block));
    }
    return std::move(findings_);
  }

 private:
  void note_identity();
  Result<void> give_block(const FoundBlock& block);
  Result<bool> give_whole(const FoundBlock& block, BlockParts& parts, std::size_t schema);
  Result<void> give_rows(const FoundBlock& block, BlockParts& parts, std::size_t schema);
  std::vector<std::uint32_t> good_rows(BlockDecoder& decoder, const SegmentSchema& schema);
  Result<void> give_lines(const FoundBlock& block, std::span<const std::uint32_t> rows,
                          std::string_view lines, const std::optional<RunList>& runs,
                          bool verified);
  bool note_damaged_parts(const FoundBlock& block, BlockParts& parts, bool given);
  Result<void> give(const Chunk& chunk, bool offsets_known, bool verified);

  File* file_;
  const SalvageOptions& options_;
  const SalvageOutlet& outlet_;
  std::uint64_t file_bytes_ = 0;
  SalvageFindings findings_;
  FoundSegment found_;
  std::deque<FoundSchema> schemas_;
  std::deque<BlockDecoder> decoders_;  ///< of the schema with the same index
};

void SegmentSalvage::note_identity() {
  if (found_.identity) {
    findings_.store = found_.identity->store;
    findings_.number = found_.identity->number;
    findings_.first = found_.identity->first;
  }
  if (found_.footer) {
    findings_.end = advance(found_.footer->identity.first, found_.footer->count);
  }
}

Result<void> SegmentSalvage::give_block(const FoundBlock& block) {
  BlockParts parts(*file_, block.header, block.parts_offset);
  if (block.end() <= file_bytes_) {
    TALLY_TRY(parts.load_all());
  }
  for (std::size_t i = 0; i < schemas_.size(); ++i) {
    TALLY_TRY(const bool given, give_whole(block, parts, i));
    if (given) {
      (void)note_damaged_parts(block, parts, true);
      return ok();
    }
  }
  if (!note_damaged_parts(block, parts, false)) {
    if (schemas_.empty()) return ok();
    findings_.note(block.offset, block.end() - block.offset,
                   "the block's events are not those of its events_root");
    return ok();
  }
  const auto proven = std::ranges::find_if(schemas_, &FoundSchema::proven);
  const bool usable = proven != schemas_.end() || options_.unverified;
  if (schemas_.empty() || !usable) return ok();
  const std::size_t schema =
      proven == schemas_.end() ? 0 : static_cast<std::size_t>(proven - schemas_.begin());
  return give_rows(block, parts, schema);
}

/// False: with this schema the events do not come to the block's root.
Result<bool> SegmentSalvage::give_whole(const FoundBlock& block, BlockParts& parts,
                                        std::size_t schema) {
  BlockDecoder& decoder = decoders_[schema];
  if (!decoder.begin(parts)) return false;
  const auto lines = decoder.lines();
  const auto runs = decoder.runs();
  if (!lines || !runs) return false;
  RunSlicer slicer(runs.value().runs);
  Chunk chunk = slicer.take(lines.value(), block.header.count, 0);
  chunk.first = block.header.first;
  if (events_root(chunk) != block.header.events_root) return false;
  schemas_[schema].proven = true;
  TALLY_TRY(give(chunk, true, block.vouched_for));
  return true;
}

/// Those events that need no damaged part. Their CRCs vouch for them, as they do for any reader.
Result<void> SegmentSalvage::give_rows(const FoundBlock& block, BlockParts& parts,
                                       std::size_t schema) {
  BlockDecoder& decoder = decoders_[schema];
  if (!decoder.begin(parts)) return ok();  // Without shapes, nothing says what is whose.
  const auto rows = good_rows(decoder, schemas_[schema].schema);
  const auto lines = decoder.lines(rows);
  if (rows.empty() || !lines) return ok();
  if (std::ranges::count(lines.value(), '\n') != static_cast<std::ptrdiff_t>(rows.size())) {
    return ok();
  }
  const auto runs = decoder.runs();
  std::optional<RunList> provenance;
  if (runs) provenance = runs.value();
  return give_lines(block, rows, lines.value(), provenance,
                    block.vouched_for && schemas_[schema].proven);
}

std::vector<std::uint32_t> SegmentSalvage::good_rows(BlockDecoder& decoder,
                                                     const SegmentSchema& schema) {
  std::vector<bool> good_column(schema.columns().size());
  for (std::uint32_t i = 0; i < good_column.size(); ++i) {
    good_column[i] = decoder.column(i).has_value();
  }
  std::vector<bool> good_shape(schema.shapes());
  for (std::size_t i = 0; i < good_shape.size(); ++i) {
    const auto steps = schema.steps(i);
    good_shape[i] = std::ranges::all_of(
        steps, [&](const ShapeStep& step) { return !step.has_value || good_column[step.column]; });
  }
  std::vector<std::uint32_t> rows;
  const auto shapes = decoder.shapes();
  for (std::uint32_t row = 0; row < shapes.size(); ++row) {
    if (good_shape[static_cast<std::size_t>(shapes[row])]) rows.push_back(row);
  }
  return rows;
}

/// The lines of some rows, those of neighbouring rows together.
Result<void> SegmentSalvage::give_lines(const FoundBlock& block,
                                        std::span<const std::uint32_t> rows, std::string_view lines,
                                        const std::optional<RunList>& runs, bool verified) {
  RunSlicer slicer;
  if (runs) slicer = RunSlicer(runs->runs);
  std::uint32_t passed = 0;
  while (!rows.empty()) {
    std::uint32_t count = 0;
    std::size_t bytes = 0;
    while (count < rows.size() && rows[count] == rows[0] + count) {
      bytes = lines.find('\n', bytes) + 1;
      ++count;
    }
    slicer.skip(rows[0] - passed);
    Chunk chunk{.first = {}, .count = count, .lines = lines.substr(0, bytes), .runs = {}};
    if (runs) chunk = slicer.take(chunk.lines, count, 0);
    chunk.first = advance(block.header.first, rows[0]);
    TALLY_TRY(give(chunk, false, verified));
    passed = rows[0] + count;
    rows = rows.subspan(count);
    lines.remove_prefix(bytes);
  }
  return ok();
}

Result<void> SegmentSalvage::give(const Chunk& chunk, bool offsets_known, bool verified) {
  if (!verified && !options_.unverified) return ok();
  return outlet_.events({.chunk = chunk,
                         .store = findings_.store,
                         .offsets_known = offsets_known,
                         .verified = verified});
}

/// Whether there are any. If all events were given, what is damaged is none of what they are made
/// of.
bool SegmentSalvage::note_damaged_parts(const FoundBlock& block, BlockParts& parts, bool given) {
  bool any = false;
  std::uint64_t offset = block.parts_offset;
  for (const BlockPart& part : block.header.parts) {
    if (const auto bytes = parts.part(part.number); !bytes) {
      findings_.note(offset, part.bytes, bytes.error().context, given);
      any = true;
    }
    offset += part.bytes;
  }
  return any;
}

}  // namespace

Result<SalvageFindings> salvage_segment(File& file, const SalvageOptions& options,
                                        const SalvageOutlet& outlet) {
  return SegmentSalvage(file, options, outlet).run();
}

}  // namespace tally::store
