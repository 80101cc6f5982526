#include "store/segment/row_values.h"

#include <algorithm>

#include "store/segment/segment_format.h"

namespace tally::store {

void count_shapes(std::span<const std::int64_t> shapes, std::size_t count,
                  std::vector<std::uint32_t>& counts) {
  // PERF: neighbours are often alike, and adding to what was just stored waits for it: two counts.
  counts.assign(2 * count, 0);
  std::uint32_t* const even = counts.data();
  std::uint32_t* const odd = even + count;
  std::size_t i = 0;
  for (; i + 1 < shapes.size(); i += 2) {
    ++even[shapes[i]];
    ++odd[shapes[i + 1]];
  }
  if (i < shapes.size()) ++even[shapes[i]];
  for (std::size_t shape = 0; shape < count; ++shape) even[shape] += odd[shape];
  counts.resize(count);
}

void RowValues::find(std::span<const std::int64_t> shapes, std::span<const std::uint32_t> rows) {
  std::fill(passed_.begin(), passed_.end(), 0);
  for (auto& indexes : indexes_) indexes.clear();
  std::uint32_t begin = 0;
  for (const std::uint32_t row : rows) {
    pass(shapes.subspan(begin, row - begin));
    begin = row + 1;
    for (const ShapeStep& step : steps(shapes[row])) {
      if (!step.has_value) break;
      const bool time = step.column == kTimeColumn;
      indexes_[step.column].push_back(time ? row : passed_[step.column]++);
    }
  }
}

/// Counts the values of rows that are not wanted; where they are more than there are shapes, by
/// shape.
void RowValues::pass(std::span<const std::int64_t> shapes) {
  if (shapes.size() <= schema_->shapes()) {
    for (const std::int64_t shape : shapes) {
      for (const ShapeStep& step : steps(shape)) passed_[step.column] += step.has_value ? 1 : 0;
    }
    return;
  }
  count_shapes(shapes, schema_->shapes(), shape_counts_);
  for (std::size_t shape = 0; shape < shape_counts_.size(); ++shape) {
    if (shape_counts_[shape] == 0) continue;
    for (const ShapeStep& step : schema_->steps(shape)) {
      if (step.has_value) passed_[step.column] += shape_counts_[shape];
    }
  }
}

}  // namespace tally::store
