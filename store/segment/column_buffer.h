#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/segment/schema_builder.h"
#include "store/segment/shaped_line.h"

namespace tally::store {

/// Values of one column of one block, as both sides hold them between lines and stored bytes. What
/// is in use depends on the column's kind.
struct ColumnBuffer {
  std::vector<std::int64_t> numbers;  ///< numbers, codes, times; of text and json, lengths
  std::string bytes;                  ///< of text, json and ids; of messages, their ids
  std::string tails;                  ///< read ids: what follows their id_plane_bytes() in `bytes`
  std::vector<std::int64_t> tokens;   ///< numbers within messages

  void clear() {
    numbers.clear();
    bytes.clear();
    tails.clear();
    tokens.clear();
  }
};

/// What a value takes of a column's `tokens` and `bytes`; its number tells.
struct ValueExtent {
  std::size_t tokens = 0;
  std::size_t bytes = 0;
};

/// Of a column that is no id column, leaves the values at `indexes`, which ascend.
template <class ExtentOf>
void keep_values(ColumnBuffer& buffer, std::span<const std::uint32_t> indexes, ExtentOf extent_of) {
  ValueExtent from;
  ValueExtent to;
  std::size_t kept = 0;
  for (std::size_t i = 0; kept < indexes.size(); ++i) {
    const std::int64_t number = buffer.numbers[i];
    const ValueExtent extent = extent_of(number);
    if (indexes[kept] == i) {
      buffer.numbers[kept++] = number;
      std::copy_n(buffer.tokens.begin() + from.tokens, extent.tokens,
                  buffer.tokens.begin() + to.tokens);
      std::copy_n(buffer.bytes.begin() + from.bytes, extent.bytes, buffer.bytes.begin() + to.bytes);
      to.tokens += extent.tokens;
      to.bytes += extent.bytes;
    }
    from.tokens += extent.tokens;
    from.bytes += extent.bytes;
  }
  buffer.numbers.resize(kept);
}

/// Bytes of one value of an id column; 0 for every other kind.
std::size_t id_bytes(const Column& column) noexcept;

/// Length of the part of an id that is stored apart, so that an id is found by reading little.
std::size_t id_plane_bytes(std::size_t width) noexcept;

/// Appends the value of a line to its column's buffer. `line` is moved on: of a message's numbers
/// and ids those are taken that `used` says were not.
struct MessageUse {
  std::size_t numbers = 0;
  std::size_t id_bytes = 0;
};
void append_value(ColumnBuffer& buffer, const Column& column, const SlotValue& value,
                  const ShapedLine& line, MessageUse& used);

}  // namespace tally::store
