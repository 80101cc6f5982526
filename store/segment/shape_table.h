#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "store/segment/line_shaper.h"
#include "store/segment/schema_builder.h"

namespace tally::store {

/// What a shape says of its events.
struct ShapeFacts {
  bool has_operation = false;
  std::uint32_t operation = 0;  ///< code in the operation column's dictionary
  bool success = false;
  bool has_service = false;  ///< its events have a service of the dictionary

  friend bool operator==(const ShapeFacts&, const ShapeFacts&) = default;
};

/// The first shape of every segment: any line, as it is.
inline constexpr std::uint32_t kLineShape = 0;

/// The shapes of a segment and their codes. Bounded by the limits of the format. Not thread-safe;
/// the schema must outlive it.
class ShapeTable {
 public:
  explicit ShapeTable(SchemaBuilder& schema);

  /// The code of a line's shape, which is added if it is new and there is room for one of this
  /// detail. Nothing: there is none, or the line is not as JSON allows.
  std::optional<std::uint32_t> find_or_add(const ShapedLine& line, Detail detail);

  std::uint32_t size() const noexcept { return texts_.size(); }
  std::string_view text(std::uint32_t code) const noexcept { return texts_.text(code); }
  const ShapeFacts& facts(std::uint32_t code) const noexcept { return facts_[code]; }

 private:
  SchemaBuilder* schema_;
  WordTable texts_;
  WordBudget budget_{kShapesBytesMax};
  std::vector<ShapeFacts> facts_;
};

}  // namespace tally::store
