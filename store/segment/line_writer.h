#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "store/segment/column_buffer.h"
#include "store/segment/segment_schema.h"
#include "store/segment/time_spelling.h"

namespace tally::store {

/// A column of a block, and how far its values have been written.
struct DecodedColumn {
  std::size_t values = 0;  ///< of the whole block
  bool whole = false;      ///< all of them are in the buffer
  ColumnBuffer buffer;
  std::size_t next = 0;   ///< value that is written next
  std::size_t byte = 0;   ///< where its text, or the ids of its message, begin
  std::size_t token = 0;  ///< where the numbers of its message begin
};

/// Writes lines from their shapes and the values of the columns. Not thread-safe; the schema must
/// outlive it.
class LineWriter {
 public:
  /// What has to be writable behind the limit of a line.
  static constexpr std::size_t kSlack = 1024;

  explicit LineWriter(const SegmentSchema& schema) : schema_(&schema) {}

  /// Writes a line and its LF, with the next values of the schema's columns; nullptr if it does not
  /// end at `limit` or before.
  char* write(std::int64_t shape, std::span<DecodedColumn> columns, char* out, const char* limit);

 private:
  char* write_value(const ShapeStep& step, DecodedColumn& column, char* out, const char* limit);
  char* write_word(const ShapeStep& step, std::int64_t code, char* out, const char* limit);
  char* write_id(const ShapeStep& step, DecodedColumn& column, char* out) noexcept;
  char* write_text(std::uint32_t number, DecodedColumn& column, char* out, const char* limit);
  char* write_filled(std::uint32_t number, DecodedColumn& column, char* out, const char* limit);

  const SegmentSchema* schema_;
  TimeWriter times_;
  std::string_view container_;  ///< of the line that is being written
};

}  // namespace tally::store
