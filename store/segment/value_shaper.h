#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "store/segment/message_template.h"
#include "store/segment/schema_builder.h"
#include "store/segment/shaped_line.h"
#include "store/segment/text_scan.h"
#include "store/segment/time_spelling.h"

namespace tally::store {

/// Finds the columns that the values of a line are stored in, and puts marks into its shape where
/// they stood. All texts are views into the line, in ascending order. What takes a value answers
/// false if it cannot be stored like this; too_rich() tells why. Not thread-safe; the schema must
/// outlive it.
class ValueShaper {
 public:
  using PathId = SchemaBuilder::PathId;

  explicit ValueShaper(SchemaBuilder& schema) : schema_(&schema) {}

  void begin(std::string_view line, ShapedLine& out);
  /// What is behind the last value belongs to the shape, up to here.
  void end(const char* end) { out_->shape.append(copied_, end); }

  bool time(std::string_view text);
  bool service(std::string_view text);
  bool container(std::string_view text);
  bool error(std::string_view text) { return message(kErrorColumn, text); }

  bool string(PathId path, std::string_view text);
  bool number(PathId path, std::string_view text);
  bool truth(PathId path, std::string_view text, const Truth& which);
  /// A value of any kind, as it is written.
  bool json(PathId path, std::string_view text) { return put_text(path, ColumnKind::json, text); }

  /// Whether a limit of the format has been passed since begin().
  bool too_rich() const noexcept { return too_rich_; }
  /// Says that one has been; false.
  bool refuse() noexcept;

 private:
  bool id(PathId path, std::string_view text, ColumnKind kind, std::uint8_t bytes);
  bool word_or_message(PathId path, std::string_view text);
  bool word(PathId path, std::string_view text);
  bool message(PathId path, std::string_view text);
  bool decimal(PathId path, std::string_view text);

  bool put(const SlotValue& value, std::string_view text);
  bool put(std::optional<std::uint32_t> column, std::string_view text, std::int64_t number);
  bool put_text(PathId path, ColumnKind kind, std::string_view text);

  SchemaBuilder* schema_;
  TimeReader times_;
  Message message_;

  // The line at hand.
  ShapedLine* out_ = nullptr;
  const char* copied_ = nullptr;  ///< what is before it is in the shape
  std::string_view container_;    ///< once it was met
  bool too_rich_ = false;
};

}  // namespace tally::store
