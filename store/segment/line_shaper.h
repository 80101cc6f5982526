#pragma once

#include <cstdint>
#include <string_view>

#include "store/segment/line_scanner.h"
#include "store/segment/schema_builder.h"
#include "store/segment/shaped_line.h"
#include "store/segment/value_shaper.h"

namespace tally::store {

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
  explicit LineShaper(SchemaBuilder& schema) : schema_(&schema), values_(schema) {}

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

  SchemaBuilder* schema_;
  ValueShaper values_;

  // The line at hand.
  LineScanner in_;
  ShapedLine* out_ = nullptr;
  Detail detail_ = Detail::full;
};

}  // namespace tally::store
