#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/disk/field_codec.h"
#include "store/segment/message_template.h"
#include "store/segment/schema_builder.h"
#include "store/segment/shape_table.h"
#include "store/segment/time_spelling.h"

namespace tally::store {

/// One step in writing a line: some text, then a value.
struct ShapeStep {
  std::uint32_t literal = 0;  ///< where the text begins, see SegmentSchema::bytes()
  std::uint32_t literal_length = 0;
  std::uint32_t column = 0;            ///< of the value; kTimeColumn for the event's time
  bool has_value = false;              ///< false: the shape ends with the text
  ColumnKind kind = ColumnKind::json;  ///< of the column
  std::uint8_t parameter = 0;          ///< of the column
  TimeForm form;                       ///< of the time
};

/// A text within the schema's bytes.
struct SchemaText {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
};

/// What all blocks of a segment refer to: columns, dictionaries, shapes; as a reader has it.
/// Constant after decode().
class SegmentSchema {
 public:
  /// Trusts nothing. Errc::corruption.
  static Result<SegmentSchema> decode(std::string_view bytes);

  const std::vector<Column>& columns() const noexcept { return columns_; }

  /// The words of a column's dictionary, or its templates.
  std::span<const SchemaText> words(std::uint32_t column) const noexcept { return words_[column]; }
  std::span<const PatternNeeds> needs(std::uint32_t column) const noexcept {
    return needs_[column];
  }
  std::string_view text(const SchemaText& text) const noexcept {
    return std::string_view(bytes_).substr(text.begin, text.length);
  }

  std::size_t shapes() const noexcept { return shapes_.size(); }
  std::span<const ShapeStep> steps(std::size_t shape) const noexcept {
    return std::span(steps_).subspan(shapes_[shape].first_step, shapes_[shape].steps);
  }
  const ShapeFacts& facts(std::size_t shape) const noexcept { return shapes_[shape].facts; }

  /// What the texts are in; some bytes behind each can be read, so that copying may overshoot.
  const char* bytes() const noexcept { return bytes_.data(); }
  static constexpr std::size_t kPadding = 64;

 private:
  struct Shape {
    std::uint32_t first_step = 0;
    std::uint32_t steps = 0;
    ShapeFacts facts;
  };

  bool read_columns(ByteReader& in);
  bool read_words(ByteReader& in);
  bool read_shapes(ByteReader& in);
  bool read_shape(std::string_view text, ShapeFacts facts);
  bool read_mark(std::string_view text, std::size_t at, ShapeStep& step) const;
  SchemaText place(std::string_view text) const noexcept;

  std::string bytes_;
  std::vector<Column> columns_;
  std::vector<std::vector<SchemaText>> words_;
  std::vector<std::vector<PatternNeeds>> needs_;
  std::vector<ShapeStep> steps_;
  std::vector<Shape> shapes_;
};

/// Appends what decode() reads.
void put_schema(std::string& out, const SchemaBuilder& schema, const ShapeTable& shapes);

}  // namespace tally::store
