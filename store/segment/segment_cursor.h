#pragma once

#include <cstddef>
#include <optional>

#include "model/result.h"
#include "store/cursor.h"
#include "store/segment/row_chunks.h"
#include "store/segment/row_selector.h"
#include "store/segment/segment_reader.h"
#include "store/selection.h"

namespace tally::store {

/// Walks a segment's blocks in sequence order. Reader and selection must outlive it, and the reader
/// serves nobody else meanwhile.
class SegmentCursor {
 public:
  /// Starts with `from`, or with the segment's first event if that is later.
  SegmentCursor(SegmentReader& reader, Sequence from, const Selection& selection);

  /// The next events that the selection can mean, one block of them at most; nothing at the
  /// segment's end. After an error the next call goes on with the block behind the damaged one:
  /// position() before and after tells which sequences are lost.
  Result<std::optional<Chunk>> next();

  /// The sequence that next() goes on with.
  Sequence position() const noexcept { return position_; }

 private:
  Result<std::optional<Chunk>> next_in(std::size_t block);
  Result<bool> select_rows(std::size_t block, std::vector<std::uint32_t> rows);
  Chunk take_rows();

  SegmentReader* reader_;
  const Selection* selection_;
  RowSelector selector_;
  std::size_t block_ = 0;  ///< the next one to look at
  Sequence from_{};        ///< what lies before it is left out
  Sequence block_end_{};   ///< of the block that rows_ are of
  Sequence position_{};
  RowChunks rows_;
};

}  // namespace tally::store
