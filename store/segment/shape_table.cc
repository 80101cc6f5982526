#include "store/segment/shape_table.h"

#include <algorithm>
#include <array>

#include "model/check.h"

namespace tally::store {

ShapeTable::ShapeTable(SchemaBuilder& schema) : schema_(&schema) {
  const std::array<char, kSlotMarkBytes> line{kSlotMark, static_cast<char>(kLineColumn), 0};
  TALLY_CHECK(texts_.find_or_add({line.data(), line.size()}, 1, budget_) == kLineShape);
  facts_.emplace_back();
}

std::optional<std::uint32_t> ShapeTable::find_or_add(const ShapedLine& line, Detail detail) {
  const std::size_t max = detail == Detail::full ? kFullShapesMax : kShapesMax;
  const auto code = texts_.find_or_add(line.shape, max, budget_);
  if (!code || *code < facts_.size()) return code;
  ShapeFacts facts{.success = line.success, .has_service = line.has_service};
  if (const auto operation = schema_->word(kOperationColumn, line.operation)) {
    facts.has_operation = true;
    facts.operation = *operation;
  }
  facts_.push_back(facts);
  return code;
}

}  // namespace tally::store
