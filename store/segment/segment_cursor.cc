#include "store/segment/segment_cursor.h"

#include <algorithm>
#include <utility>

#include "store/segment/block_decoder.h"

namespace tally::store {
namespace {

bool has_line_offsets(const std::vector<Run>& runs) {
  return std::ranges::any_of(runs, [](const Run& run) {
    return run.kind == SourceKind::file || run.kind == SourceKind::import;
  });
}

}  // namespace

SegmentCursor::SegmentCursor(SegmentReader& reader, Sequence from, const Selection& selection)
    : reader_(&reader),
      selection_(&selection),
      selector_(reader, selection),
      from_(std::max(from, reader.summary().first)),
      position_(from_) {}

Result<std::optional<Chunk>> SegmentCursor::next() {
  const auto blocks = reader_->blocks();
  while (true) {
    if (!rows_.empty()) return std::optional(take_rows());
    if (block_ == blocks.size()) return std::optional<Chunk>();
    const BlockEntry& entry = blocks[block_];
    const std::size_t index = block_++;
    block_end_ = advance(entry.first, entry.count);
    if (block_end_ <= from_) continue;
    position_ = block_end_;
    TALLY_TRY(auto chunk, next_in(index));
    if (chunk) return chunk;
  }
}

/// The block as a whole; nothing if it has no such events, or only some, which rows_ has now.
Result<std::optional<Chunk>> SegmentCursor::next_in(std::size_t block) {
  TALLY_TRY(auto rows, selector_.rows(block));
  if (rows) {
    TALLY_TRY(const bool selected, select_rows(block, std::move(*rows)));
    if (selected) return std::optional<Chunk>();
  }
  TALLY_TRY(const Chunk chunk, reader_->read_block(block, from_));
  return std::optional(chunk);
}

/// False: their offsets are asked for, and only the whole block tells.
Result<bool> SegmentCursor::select_rows(std::size_t block, std::vector<std::uint32_t> rows) {
  const Sequence first = reader_->blocks()[block].first;
  std::erase_if(rows, [&](std::uint32_t row) { return advance(first, row) < from_; });
  if (rows.empty()) return true;
  TALLY_TRY(BlockDecoder* const decoder, reader_->open_block(block));
  TALLY_TRY(RunList runs, decoder->runs());
  if (selection_->offsets && has_line_offsets(runs.runs)) return false;
  TALLY_TRY(const std::string_view lines, decoder->lines(rows));
  rows_ = RowChunks(first, std::move(rows), lines, std::move(runs.runs));
  return true;
}

Chunk SegmentCursor::take_rows() {
  const Chunk chunk = rows_.next();
  position_ = rows_.empty() ? block_end_ : advance(chunk.first, chunk.count);
  return chunk;
}

}  // namespace tally::store
