#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "store/segment/segment_schema.h"

namespace tally::store {

/// Which values of which columns some rows of a block have: what has to be decoded for their lines.
/// One per reader: it keeps buffers. The schema must outlive it.
class RowValues {
 public:
  explicit RowValues(const SegmentSchema& schema)
      : schema_(&schema), passed_(schema.columns().size()), indexes_(schema.columns().size()) {}

  /// `shapes` are those of all rows of the block; `rows` ascend.
  void find(std::span<const std::int64_t> shapes, std::span<const std::uint32_t> rows);

  /// Of a column's values, those that belong to the rows; ascending. Of the time, the rows.
  std::span<const std::uint32_t> of(std::uint32_t column) const noexcept {
    return indexes_[column];
  }

 private:
  std::span<const ShapeStep> steps(std::int64_t shape) const noexcept {
    return schema_->steps(static_cast<std::size_t>(shape));
  }
  void pass(std::span<const std::int64_t> shapes);

  const SegmentSchema* schema_;
  std::vector<std::uint32_t> passed_;  ///< values per column, of the rows so far
  std::vector<std::vector<std::uint32_t>> indexes_;
  std::vector<std::uint32_t> shape_counts_;
};

/// How often each of the schema's shapes, all of which are below `count`, occurs.
void count_shapes(std::span<const std::int64_t> shapes, std::size_t count,
                  std::vector<std::uint32_t>& counts);

}  // namespace tally::store
