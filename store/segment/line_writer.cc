#include "store/segment/line_writer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "store/cursor.h"
#include "store/segment/message_template.h"
#include "store/segment/segment_format.h"
#include "store/segment/text_scan.h"
#include "store/segment/value_spelling.h"

namespace tally::store {
namespace {

/// The slack is more than any value of bounded length takes, so that only texts have to be measured
/// before they are written; and more than copying may overshoot.
constexpr std::size_t kCopyBytes = 64;
static_assert(LineWriter::kSlack > 2 * 255 + kCopyBytes + kChunkPadding);
static_assert(SegmentSchema::kPadding >= kCopyBytes);

/// Most texts are short: a copy of fixed length is two instructions, and what it overshoots by is
/// overwritten. Both sides have the room.
char* copy_padded(char* out, const char* from, std::size_t length) noexcept {
  if (length <= kCopyBytes / 2) {
    std::memcpy(out, from, kCopyBytes / 2);
  } else if (length <= kCopyBytes) {
    std::memcpy(out, from, kCopyBytes);
  } else {
    std::memcpy(out, from, length);
  }
  return out + length;
}

bool fits(const char* out, const char* limit, std::size_t length) noexcept {
  return limit - out >= static_cast<std::ptrdiff_t>(length);
}

}  // namespace

char* LineWriter::write(std::int64_t shape, std::span<DecodedColumn> columns, char* out,
                        const char* limit) {
  container_ = {};
  const char* const texts = schema_->bytes();
  for (const ShapeStep& step : schema_->steps(static_cast<std::size_t>(shape))) {
    if (!fits(out, limit, step.literal_length)) return nullptr;
    out = copy_padded(out, texts + step.literal, step.literal_length);
    if (!step.has_value) break;
    out = write_value(step, columns[step.column], out, limit);
    if (out == nullptr) return nullptr;
  }
  if (!fits(out, limit, 1)) return nullptr;
  *out++ = '\n';
  return out;
}

char* LineWriter::write_value(const ShapeStep& step, DecodedColumn& column, char* out,
                              const char* limit) {
  const ColumnBuffer& buffer = column.buffer;
  switch (step.kind) {
    case ColumnKind::time:
      return times_.write(out, buffer.numbers[column.next++], step.form);
    case ColumnKind::word:
      return write_word(step, buffer.numbers[column.next++], out, limit);
    case ColumnKind::integer:
      return write_integer(out, buffer.numbers[column.next++]);
    case ColumnKind::decimal:
      return write_decimal(out, buffer.numbers[column.next++], step.parameter);
    case ColumnKind::fixed:
      return write_fixed(out, buffer.numbers[column.next++], step.parameter);
    case ColumnKind::truth: {
      const std::string_view word =
          kTruths[static_cast<std::size_t>(buffer.numbers[column.next++])];
      return std::copy(word.begin(), word.end(), out);
    }
    case ColumnKind::message:
      return write_filled(step.column, column, out, limit);
    case ColumnKind::json:
    case ColumnKind::text:
      return write_text(step.column, column, out, limit);
    default:
      return write_id(step, column, out);
  }
}

char* LineWriter::write_word(const ShapeStep& step, std::int64_t code, char* out,
                             const char* limit) {
  const SchemaText& word = schema_->words(step.column)[static_cast<std::size_t>(code)];
  if (!fits(out, limit, word.length)) return nullptr;
  if (step.column == kContainerColumn) container_ = schema_->text(word);
  return copy_padded(out, schema_->bytes() + word.begin, word.length);
}

char* LineWriter::write_id(const ShapeStep& step, DecodedColumn& column, char* out) noexcept {
  const std::size_t width = step.kind == ColumnKind::uuid ? kUuidBytes : step.parameter;
  const std::size_t head = id_plane_bytes(width);
  const std::string_view first(column.buffer.bytes.data() + head * column.next, head);
  const std::string_view rest(column.buffer.tails.data() + (width - head) * column.next,
                              width - head);
  ++column.next;
  if (step.kind == ColumnKind::uuid) {
    std::array<char, kUuidBytes> bytes;
    std::copy(rest.begin(), rest.end(), std::copy(first.begin(), first.end(), bytes.begin()));
    return write_uuid(out, {bytes.data(), bytes.size()});
  }
  const HexCase letters = step.kind == ColumnKind::hex_lower ? HexCase::lower : HexCase::upper;
  return write_hex(write_hex(out, first, letters), rest, letters);
}

char* LineWriter::write_text(std::uint32_t number, DecodedColumn& column, char* out,
                             const char* limit) {
  const char* const from = column.buffer.bytes.data() + column.byte;
  const auto length = static_cast<std::size_t>(column.buffer.numbers[column.next++]);
  if (!fits(out, limit, length)) return nullptr;
  column.byte += length;
  if (schema_->columns()[number].path == "container") container_ = {from, length};
  return std::copy_n(from, length, out);
}

char* LineWriter::write_filled(std::uint32_t number, DecodedColumn& column, char* out,
                               const char* limit) {
  const auto code = static_cast<std::size_t>(column.buffer.numbers[column.next++]);
  const std::string_view pattern = schema_->text(schema_->words(number)[code]);
  const PatternNeeds& needs = schema_->needs(number)[code];
  // Measured with room to spare, so a text that just fits may need the exact length.
  MessageValues values{column.buffer.tokens.data() + column.token,
                       column.buffer.bytes.data() + column.byte, container_};
  column.token += needs.numbers;
  column.byte += needs.id_bytes;
  if (fits(out, limit, message_bytes_max(pattern, needs, container_.size()))) {
    return write_message(out, pattern, values);
  }
  std::string text(message_bytes_max(pattern, needs, container_.size()), '\0');
  text.resize(static_cast<std::size_t>(write_message(text.data(), pattern, values) - text.data()));
  if (!fits(out, limit, text.size())) return nullptr;
  return std::copy(text.begin(), text.end(), out);
}

}  // namespace tally::store
