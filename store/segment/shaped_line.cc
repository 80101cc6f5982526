#include "store/segment/shaped_line.h"

namespace tally::store {

void ShapedLine::clear() {
  shape.clear();
  values.clear();
  numbers.clear();
  ids.clear();
  has_service = false;
}

void add_message(ShapedLine& line, std::uint32_t column, std::uint32_t code, const Message& message,
                 std::string_view text) {
  line.values.push_back({.column = column,
                         .number = code,
                         .text = text,
                         .numbers = static_cast<std::uint32_t>(message.numbers.size()),
                         .id_bytes = static_cast<std::uint32_t>(message.ids.size())});
  line.numbers.insert(line.numbers.end(), message.numbers.begin(), message.numbers.end());
  line.ids += message.ids;
}

}  // namespace tally::store
