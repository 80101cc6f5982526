#include "store/segment/column_buffer.h"

#include <algorithm>

#include "store/segment/value_spelling.h"

namespace tally::store {

std::size_t id_bytes(const Column& column) noexcept {
  switch (column.kind) {
    case ColumnKind::hex_lower:
    case ColumnKind::hex_upper:
      return column.parameter;
    case ColumnKind::uuid:
      return kUuidBytes;
    default:
      return 0;
  }
}

std::size_t id_plane_bytes(std::size_t width) noexcept {
  constexpr std::size_t kPlaneBytes = 4;
  return std::min(width, kPlaneBytes);
}

void append_value(ColumnBuffer& buffer, const Column& column, const SlotValue& value,
                  const ShapedLine& line, MessageUse& used) {
  switch (column.kind) {
    case ColumnKind::json:
    case ColumnKind::text:
      buffer.numbers.push_back(static_cast<std::int64_t>(value.text.size()));
      buffer.bytes += value.text;
      return;
    case ColumnKind::hex_lower:
    case ColumnKind::hex_upper:
      return append_hex_bytes(buffer.bytes, value.text);
    case ColumnKind::uuid:
      return append_uuid_bytes(buffer.bytes, value.text);
    case ColumnKind::message: {
      buffer.numbers.push_back(value.number);
      const auto numbers = line.numbers.begin() + static_cast<std::ptrdiff_t>(used.numbers);
      buffer.tokens.insert(buffer.tokens.end(), numbers, numbers + value.numbers);
      buffer.bytes.append(line.ids, used.id_bytes, value.id_bytes);
      used.numbers += value.numbers;
      used.id_bytes += value.id_bytes;
      return;
    }
    default:
      buffer.numbers.push_back(value.number);
  }
}

}  // namespace tally::store
