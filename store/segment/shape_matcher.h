#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/segment/message_template.h"
#include "store/segment/schema_builder.h"
#include "store/segment/shaped_line.h"
#include "store/segment/time_spelling.h"

namespace tally::store {

/// Finds out whether a line has a shape that is known, and takes its values: three times as fast as
/// LineShaper, because it compares whole stretches of text instead of parsing JSON. The shapes
/// form a tree, in which those that begin alike share a way; each step is some text and the column
/// of the value behind it. Whatever it accepts gives the line back byte for byte; what it does not
/// is for LineShaper. Not thread-safe; the schema must outlive it.
class ShapeMatcher {
 public:
  explicit ShapeMatcher(SchemaBuilder& schema) : schema_(&schema) {}

  /// Adds a shape's text under its code.
  void learn(std::string_view shape, std::uint32_t code);

  /// The code of the line's shape, with the values in `out`, but for what the shape itself says:
  /// its text, operation and success. Nothing: there is none, or a value of it is new.
  std::optional<std::uint32_t> match(std::string_view line, ShapedLine& out);

 private:
  static constexpr std::uint32_t kEnd = ~std::uint32_t{0};  ///< column of a shape's last step

  struct Step {
    std::string literal;
    std::uint32_t column = kEnd;
    ColumnKind kind = ColumnKind::json;  ///< of the column, as is the parameter
    std::uint8_t parameter = 0;
    TimeForm form;           ///< of kTimeColumn
    std::uint32_t next = 0;  ///< node; of a last step, the shape's code
    std::uint64_t uses = 0;
  };
  struct Node {
    std::vector<Step> steps;  ///< the most used ones first, roughly
  };

  std::uint32_t follow(std::uint32_t node, const Step& step);
  bool take(const Step& step, const char*& at, const char* end);
  bool take_string(const Step& step, const char*& at, const char* end);
  bool take_number(const Step& step, const char*& at, const char* end);
  bool take_truth(const Step& step, const char*& at, const char* end);
  bool take_word(const Step& step, std::string_view text);
  bool take_id(const Step& step, std::string_view text);
  bool take_message(const Step& step, std::string_view text);

  SchemaBuilder* schema_;
  std::vector<Node> nodes_{1};
  TimeReader times_;
  Message message_;
  ShapedLine* out_ = nullptr;
  std::string_view container_;
};

}  // namespace tally::store
