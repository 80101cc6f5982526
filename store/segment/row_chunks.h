#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/provenance.h"
#include "store/cursor.h"

namespace tally::store {

/// Deals some rows of a block out as chunks, one for each stretch of neighbours within a run. Not
/// thread-safe.
class RowChunks {
 public:
  /// No rows.
  RowChunks() = default;

  /// `rows` ascend; `lines` are theirs, one after the other, and have to outlive the chunks;
  /// `runs` are those of the whole block, whose first event is `first`. The offsets of files' runs
  /// become 0, because they follow from lines that are not here.
  RowChunks(Sequence first, std::vector<std::uint32_t> rows, std::string_view lines,
            std::vector<Run> runs);

  bool empty() const noexcept { return next_ == rows_.size(); }

  /// There is one. Its views live until the next call.
  Chunk next();

 private:
  Sequence first_{};
  std::vector<std::uint32_t> rows_;
  std::size_t next_ = 0;  ///< of rows_
  std::string_view lines_;
  std::vector<Run> runs_;
  std::size_t run_ = 0;          ///< the one that the next row is in, or one before it
  std::uint32_t run_begin_ = 0;  ///< its first row
  Run slice_;                    ///< what the last chunk shows
};

}  // namespace tally::store
