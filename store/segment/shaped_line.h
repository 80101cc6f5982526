#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/segment/message_template.h"

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

}  // namespace tally::store
