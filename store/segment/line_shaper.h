#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/segment/line_scanner.h"
#include "store/segment/message_template.h"
#include "store/segment/schema_builder.h"
#include "store/segment/time_spelling.h"

namespace tally::store {

/// A value of a line, as its column stores it.
struct SlotValue {
  std::uint32_t column = 0;
  std::int64_t number = 0;     ///< number, code of a word, or time
  std::string_view text{};     ///< of json, text, ids, messages: as it is in the line
  std::uint64_t hash = 0;      ///< of ids: text_hash
  std::uint32_t numbers = 0;   ///< of a message: how many of ShapedLine::numbers are its
  std::uint32_t id_bytes = 0;  ///< of a message: how many of ShapedLine::ids are its
};

/// A line taken apart: all that its shape does not say. Views into the line.
struct ShapedLine {
  std::string shape;  ///< the bytes outside the values, with marks for these
  std::vector<SlotValue> values;
  std::vector<std::int64_t> numbers;
  std::string ids;
  std::int64_t time = 0;
  bool has_service = false;  ///< it is a word of the service column's dictionary
  std::string_view operation;
  bool success = false;

  void clear();
};

/// Appends a message as a value of the column; `code` is that of its template.
void add_message(ShapedLine& line, std::uint32_t column, std::uint32_t code, const Message& message,
                 std::string_view text);

/// How much of a line becomes part of its shape.
enum class Detail {
  full,  ///< all but the values
  flat,  ///< metadata is one value
};

enum class Shaping {
  shaped,
  too_rich,   ///< not in this detail: past a limit of the format
  not_event,  ///< no event as services write them; the line has to be kept as it is
};

/// Takes event lines apart into shapes and values, such that both together give the line back byte
/// for byte. It takes lines for valid that nearly are: whoever put them in has checked them. Not
/// thread-safe; the schema must outlive it.
class LineShaper {
 public:
  explicit LineShaper(SchemaBuilder& schema) : schema_(&schema) {}

  /// `line` without its LF. The schema may learn from a line that is not shaped in the end.
  Shaping shape(std::string_view line, Detail detail, ShapedLine& out);

 private:
  using PathId = SchemaBuilder::PathId;

  bool members();
  bool member(unsigned& seen);
  bool field(std::uint32_t column);
  bool timestamp();
  bool service();
  bool operation();
  bool success();
  bool container();
  bool error();
  bool metadata();

  bool value(PathId path, int depth);
  bool object(PathId path, int depth);
  bool array(PathId path, int depth);
  bool string(PathId path);
  bool number(PathId path);
  bool truth(PathId path);
  bool id(PathId path, std::string_view text, ColumnKind kind, std::uint8_t bytes);
  bool text(PathId path, std::string_view text);
  bool message(PathId path, std::string_view text);
  bool decimal(PathId path, std::string_view text);

  bool put(const SlotValue& value, std::string_view text);
  bool put(std::optional<std::uint32_t> column, std::string_view text, std::int64_t number);
  bool put_text(PathId path, ColumnKind kind, std::string_view text);
  bool put_word(PathId path, std::string_view text);
  bool too_rich() noexcept;

  SchemaBuilder* schema_;
  TimeReader times_;
  Message message_;

  // The line at hand.
  LineScanner in_;
  const char* copied_ = nullptr;  ///< what is before it is in the shape
  ShapedLine* out_ = nullptr;
  Detail detail_ = Detail::full;
  bool too_rich_ = false;
  std::string_view container_;  ///< text of the container, once it was met
};

}  // namespace tally::store
