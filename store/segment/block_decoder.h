#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/segment/block_parts.h"
#include "store/segment/column_codec.h"
#include "store/segment/commit_outline.h"
#include "store/segment/event_counts.h"
#include "store/segment/line_writer.h"
#include "store/segment/row_values.h"
#include "store/segment/run_list_codec.h"
#include "store/segment/segment_schema.h"

namespace tally::store {

/// Decodes blocks: whole ones to their lines, or only the columns that somebody asks for. Trusts
/// nothing: a hostile block gives Errc::corruption. Not thread-safe; it keeps buffers from block to
/// block. The schema must outlive it.
class BlockDecoder {
 public:
  explicit BlockDecoder(const SegmentSchema& schema);
  BlockDecoder(const BlockDecoder&) = delete;
  BlockDecoder& operator=(const BlockDecoder&) = delete;

  /// Goes over to this block, whose parts must outlive what follows, and decodes its shapes.
  Result<void> begin(BlockParts& parts);

  /// The shape of each event: what says which columns it has values in.
  std::span<const std::int64_t> shapes() const noexcept { return shapes_; }

  /// How many values the block has of a column.
  std::size_t values(std::uint32_t column) const noexcept { return columns_[column].values; }

  /// A column's values; decoded at the first call. Valid until begin().
  Result<const ColumnBuffer*> column(std::uint32_t column);

  /// Where among the values of a column of words or messages a code is, before begin() and without
  /// it. Nothing: column() has to tell.
  Result<std::optional<std::vector<std::uint32_t>>> find_code(BlockParts& parts,
                                                              std::uint32_t column,
                                                              std::int64_t code);

  /// The first bytes of each id of an id column (id_plane_bytes() of them), one after the other:
  /// enough to pass over nearly all that are not looked for. Then the bytes that follow them. Valid
  /// until the next call.
  Result<std::string_view> id_heads(std::uint32_t column);
  Result<std::string_view> id_tails(std::uint32_t column);

  /// The rows that values of a column belong to; both ascend. Values that the block does not have
  /// are left out.
  std::vector<std::uint32_t> rows_of(std::uint32_t column,
                                     std::span<const std::uint32_t> values) const;

  /// All lines, each ended by LF, with kChunkPadding readable bytes behind them. Valid until the
  /// next call. Their length is what the header says.
  Result<std::string_view> lines();

  /// The lines of some rows, in ascending order, one after the other.
  Result<std::string_view> lines(std::span<const std::uint32_t> rows);

  Result<RunList> runs();
  Result<CommitOutlines> commits();
  Result<EventCounts> counts();

 private:
  Error damaged(std::string_view what) const;
  Result<void> count_values();
  Result<void> decode_column(std::uint32_t column);
  Result<void> decode_values(std::uint32_t column, std::span<const std::uint32_t> indexes);
  Result<void> decode_messages(std::uint32_t column, std::string_view part);
  Result<std::string_view> id_part(std::uint32_t column, std::size_t width, std::uint32_t part);
  bool codes_are_known(std::uint32_t column) const;

  void rewind() noexcept;
  /// Nothing if they do not fit so many bytes.
  std::optional<std::string_view> write_lines(std::span<const std::uint32_t> rows,
                                              std::size_t bytes);

  const SegmentSchema* schema_;
  ColumnDecoder decoder_;
  BlockParts* parts_ = nullptr;
  std::vector<std::int64_t> shapes_;
  std::vector<DecodedColumn> columns_;
  std::vector<std::uint32_t> shape_counts_;
  RowValues row_values_;
  LineWriter writer_;
  std::string ids_;
  std::string lines_;
};

}  // namespace tally::store
