#include "store/segment/block_decoder.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>

#include "store/cursor.h"
#include "store/segment/segment_format.h"
#include "store/segment/text_scan.h"
#include "store/segment/value_spelling.h"

namespace tally::store {
namespace {

/// More than any value of bounded length takes, so that only texts have to be measured before they
/// are written; and what copying may overshoot.
constexpr std::size_t kSlack = 1024;
constexpr std::size_t kCopyBytes = 64;
static_assert(kSlack > 2 * 255 + kCopyBytes + kChunkPadding);
static_assert(SegmentSchema::kPadding >= kCopyBytes);

constexpr std::size_t kFewLinesBytes = 64 * 1024;
constexpr std::size_t kUsualLineBytes = 1024;

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

BlockDecoder::BlockDecoder(const SegmentSchema& schema)
    : schema_(&schema), columns_(schema.columns().size()), row_values_(schema) {}

Error BlockDecoder::damaged(std::string_view what) const {
  return {Errc::corruption, "block of sequence " +
                                std::to_string(to_number(parts_->header().first)) + ": " +
                                std::string(what)};
}

Result<void> BlockDecoder::begin(BlockParts& parts) {
  parts_ = &parts;
  decoder_.begin_block(parts.header().lines_bytes);
  TALLY_TRY(const std::string_view part, parts.part(kShapesPart));
  ByteReader in(part);
  decoder_.integers().decode(in, parts.header().count, shapes_);
  if (in.failed() || !in.at_end()) return damaged("shapes");
  return count_values();
}

/// From the shapes follows how many values each column has to have.
Result<void> BlockDecoder::count_values() {
  const std::size_t known = schema_->shapes();
  bool unknown = false;  // PERF: no branch, so that several are compared at once.
  for (const std::int64_t shape : shapes_) unknown |= static_cast<std::uint64_t>(shape) >= known;
  if (unknown) return damaged("unknown shape");
  count_shapes(shapes_, known, shape_counts_);
  for (State& state : columns_) {
    state.values = 0;
    state.whole = false;
  }
  std::size_t values = 0;
  for (std::size_t shape = 0; shape < shape_counts_.size(); ++shape) {
    if (shape_counts_[shape] == 0) continue;
    for (const ShapeStep& step : schema_->steps(shape)) {
      if (!step.has_value || step.column == kTimeColumn) continue;
      columns_[step.column].values += shape_counts_[shape];
      values += shape_counts_[shape];
    }
  }
  columns_[kTimeColumn].values = shapes_.size();
  if (values > kBlockValuesMax) return damaged("too many values");
  return ok();
}

Result<const ColumnBuffer*> BlockDecoder::column(std::uint32_t column) {
  TALLY_TRY(decode_column(column));
  return &columns_[column].buffer;
}

Result<void> BlockDecoder::decode_column(std::uint32_t column) {
  State& state = columns_[column];
  if (state.whole) return ok();
  TALLY_TRY(const std::string_view part, parts_->part(part_of_column(column)));
  TALLY_TRY(const std::string_view rest, parts_->part(part_of_column(column) + 1));
  const Column& described = schema_->columns()[column];
  if (described.kind == ColumnKind::message) {
    TALLY_TRY(decode_messages(column, part));
  } else if (!decoder_.decode(part, rest, described, state.values, state.buffer) ||
             !codes_are_known(column)) {
    return damaged("column " + std::to_string(column));
  }
  state.whole = true;
  return ok();
}

/// Leaves only the values at these indexes in the buffer.
Result<void> BlockDecoder::decode_values(std::uint32_t column,
                                         std::span<const std::uint32_t> indexes) {
  State& state = columns_[column];
  const Column& described = schema_->columns()[column];
  TALLY_TRY(const std::string_view part, parts_->part(part_of_column(column)));
  TALLY_TRY(const std::string_view rest, parts_->part(part_of_column(column) + 1));
  state.whole = false;
  if (described.kind == ColumnKind::message) {
    TALLY_TRY(decode_messages(column, part));
    const auto needs = schema_->needs(column);
    keep_values(state.buffer, indexes, [needs](std::int64_t code) {
      const PatternNeeds& need = needs[static_cast<std::size_t>(code)];
      return ValueExtent{need.numbers, need.id_bytes};
    });
  } else if (!decoder_.decode_at(part, rest, described, state.values, indexes, state.buffer) ||
             !codes_are_known(column)) {
    return damaged("column " + std::to_string(column));
  }
  return ok();
}

bool BlockDecoder::codes_are_known(std::uint32_t column) const {
  const auto& numbers = columns_[column].buffer.numbers;
  std::size_t end = 0;
  switch (schema_->columns()[column].kind) {
    case ColumnKind::word:
    case ColumnKind::message:
      end = schema_->words(column).size();
      break;
    case ColumnKind::truth:
      end = std::size(kTruths);
      break;
    default:
      return true;
  }
  return std::all_of(numbers.begin(), numbers.end(),
                     [end](std::int64_t code) { return static_cast<std::uint64_t>(code) < end; });
}

Result<void> BlockDecoder::decode_messages(std::uint32_t column, std::string_view part) {
  State& state = columns_[column];
  ByteReader in(part);
  decoder_.decode_codes(in, state.values, state.buffer);
  if (in.failed() || !codes_are_known(column)) return damaged("templates");
  const auto needs = schema_->needs(column);
  MessageTotals totals;
  for (const std::int64_t code : state.buffer.numbers) {
    totals.tokens += needs[static_cast<std::size_t>(code)].numbers;
    totals.id_bytes += needs[static_cast<std::size_t>(code)].id_bytes;
  }
  if (!decoder_.decode_message_values(in, totals, state.buffer)) return damaged("messages");
  return ok();
}

void BlockDecoder::rewind() noexcept {
  for (State& state : columns_) state.next = state.byte = state.token = 0;
}

Result<std::string_view> BlockDecoder::lines() {
  decoder_.begin_block(parts_->header().lines_bytes);
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    TALLY_TRY(decode_column(i));
  }
  const std::size_t bytes = parts_->header().lines_bytes;
  if (lines_.size() < bytes + kSlack) lines_.resize(bytes + kSlack);
  char* out = lines_.data();
  const char* const limit = out + bytes;
  rewind();
  for (std::uint32_t row = 0; row < shapes_.size(); ++row) {
    columns_[kTimeColumn].next = row;  // Lines that are kept as they are have one too.
    out = write_line(row, out, limit);
    if (out == nullptr) return damaged("lines are longer than the header says");
  }
  if (out != limit) return damaged("lines are shorter than the header says");
  return std::string_view(lines_).substr(0, bytes);
}

/// Writes a line and its LF; nullptr if it does not end at `limit` or before.
char* BlockDecoder::write_line(std::uint32_t row, char* out, const char* limit) {
  container_ = {};
  const char* const texts = schema_->bytes();
  for (const ShapeStep& step : schema_->steps(static_cast<std::size_t>(shapes_[row]))) {
    if (!fits(out, limit, step.literal_length)) return nullptr;
    out = copy_padded(out, texts + step.literal, step.literal_length);
    if (!step.has_value) break;
    out = write_value(step, out, limit);
    if (out == nullptr) return nullptr;
  }
  if (!fits(out, limit, 1)) return nullptr;
  *out++ = '\n';
  return out;
}

char* BlockDecoder::write_value(const ShapeStep& step, char* out, const char* limit) {
  State& state = columns_[step.column];
  const ColumnBuffer& buffer = state.buffer;
  switch (step.kind) {
    case ColumnKind::time:
      return times_.write(out, buffer.numbers[state.next++], step.form);
    case ColumnKind::word: {
      const SchemaText& word =
          schema_->words(step.column)[static_cast<std::size_t>(buffer.numbers[state.next++])];
      if (!fits(out, limit, word.length)) return nullptr;
      if (step.column == kContainerColumn) container_ = schema_->text(word);
      return copy_padded(out, schema_->bytes() + word.begin, word.length);
    }
    case ColumnKind::integer:
      return write_integer(out, buffer.numbers[state.next++]);
    case ColumnKind::decimal:
      return write_decimal(out, buffer.numbers[state.next++], step.parameter);
    case ColumnKind::fixed:
      return write_fixed(out, buffer.numbers[state.next++], step.parameter);
    case ColumnKind::truth: {
      const std::string_view word = kTruths[static_cast<std::size_t>(buffer.numbers[state.next++])];
      return std::copy(word.begin(), word.end(), out);
    }
    case ColumnKind::message:
      return write_filled(step.column, state, out, limit);
    case ColumnKind::json:
    case ColumnKind::text:
      return write_text(step.column, state, out, limit);
    default:
      return write_id(step, state, out);
  }
}

char* BlockDecoder::write_id(const ShapeStep& step, State& state, char* out) noexcept {
  const std::size_t width = step.kind == ColumnKind::uuid ? kUuidBytes : step.parameter;
  const std::size_t head = id_plane_bytes(width);
  const std::string_view first(state.buffer.bytes.data() + head * state.next, head);
  const std::string_view rest(state.buffer.tails.data() + (width - head) * state.next,
                              width - head);
  ++state.next;
  if (step.kind == ColumnKind::uuid) {
    std::array<char, kUuidBytes> bytes;
    std::copy(rest.begin(), rest.end(), std::copy(first.begin(), first.end(), bytes.begin()));
    return write_uuid(out, {bytes.data(), bytes.size()});
  }
  const HexCase letters = step.kind == ColumnKind::hex_lower ? HexCase::lower : HexCase::upper;
  return write_hex(write_hex(out, first, letters), rest, letters);
}

char* BlockDecoder::write_text(std::uint32_t column, State& state, char* out, const char* limit) {
  const char* const from = state.buffer.bytes.data() + state.byte;
  const auto length = static_cast<std::size_t>(state.buffer.numbers[state.next++]);
  if (!fits(out, limit, length)) return nullptr;
  state.byte += length;
  if (schema_->columns()[column].path == "container") container_ = {from, length};
  return std::copy_n(from, length, out);
}

char* BlockDecoder::write_filled(std::uint32_t column, State& state, char* out, const char* limit) {
  const auto code = static_cast<std::size_t>(state.buffer.numbers[state.next++]);
  const std::string_view pattern = schema_->text(schema_->words(column)[code]);
  const PatternNeeds& needs = schema_->needs(column)[code];
  // Measured with room to spare, so a text that just fits may need the exact length.
  MessageValues values{state.buffer.tokens.data() + state.token,
                       state.buffer.bytes.data() + state.byte, container_};
  state.token += needs.numbers;
  state.byte += needs.id_bytes;
  if (fits(out, limit, message_bytes_max(pattern, needs, container_.size()))) {
    return write_message(out, pattern, values);
  }
  std::string text(message_bytes_max(pattern, needs, container_.size()), '\0');
  text.resize(static_cast<std::size_t>(write_message(text.data(), pattern, values) - text.data()));
  if (!fits(out, limit, text.size())) return nullptr;
  return std::copy(text.begin(), text.end(), out);
}

Result<std::string_view> BlockDecoder::id_heads(std::uint32_t column) {
  const std::size_t width = id_bytes(schema_->columns()[column]);
  return id_part(column, id_plane_bytes(width), part_of_column(column));
}

Result<std::string_view> BlockDecoder::id_tails(std::uint32_t column) {
  const std::size_t width = id_bytes(schema_->columns()[column]);
  return id_part(column, width - id_plane_bytes(width), part_of_column(column) + 1);
}

/// `width` bytes of each of the column's values.
Result<std::string_view> BlockDecoder::id_part(std::uint32_t column, std::size_t width,
                                               std::uint32_t part) {
  const std::size_t count = columns_[column].values;
  TALLY_TRY(const std::string_view stored, parts_->part(part));
  if (count * width <= parts_->header().lines_bytes) {
    if (const auto bytes = decoder_.id_part(stored, width, count, ids_)) return *bytes;
  }
  return damaged("column " + std::to_string(column));
}

Result<std::optional<std::vector<std::uint32_t>>> BlockDecoder::find_code(BlockParts& parts,
                                                                          std::uint32_t column,
                                                                          std::int64_t code) {
  TALLY_TRY(const std::string_view part, parts.part(part_of_column(column)));
  if (part.empty()) return std::optional(std::vector<std::uint32_t>());
  decoder_.begin_block(parts.header().lines_bytes);
  return decoder_.find_code(part, code);
}

std::vector<std::uint32_t> BlockDecoder::rows_of(std::uint32_t column,
                                                 std::span<const std::uint32_t> values) const {
  std::vector<std::uint16_t> slots(schema_->shapes());
  for (std::size_t shape = 0; shape < slots.size(); ++shape) {
    for (const ShapeStep& step : schema_->steps(shape)) {
      if (step.has_value && step.column == column) ++slots[shape];
    }
  }
  std::vector<std::uint32_t> rows;
  std::size_t end = 0;  // Values of the rows up to this one.
  for (std::uint32_t row = 0; row < shapes_.size() && !values.empty(); ++row) {
    end += slots[static_cast<std::size_t>(shapes_[row])];
    if (values.front() >= end) continue;
    rows.push_back(row);
    while (!values.empty() && values.front() < end) values = values.subspan(1);
  }
  return rows;
}

Result<std::string_view> BlockDecoder::lines(std::span<const std::uint32_t> rows) {
  decoder_.begin_block(parts_->header().lines_bytes);
  row_values_.find(shapes_, rows);
  for (std::uint32_t column = 0; column < columns_.size(); ++column) {
    const auto indexes = row_values_.of(column);
    if (indexes.empty()) continue;
    TALLY_TRY(decode_values(column, indexes));
  }
  // Few lines of usual length are all that is asked for nearly always; the whole block's room is
  // only made if they do not fit, because making it takes longer than they do.
  const std::size_t all = parts_->header().lines_bytes;
  const std::size_t few = std::min(all, kFewLinesBytes + rows.size() * kUsualLineBytes);
  for (const std::size_t bytes : {few, all}) {
    if (const auto lines = write_lines(rows, bytes)) return *lines;
  }
  return damaged("lines are longer than the header says");
}

std::optional<std::string_view> BlockDecoder::write_lines(std::span<const std::uint32_t> rows,
                                                          std::size_t bytes) {
  if (lines_.size() < bytes + kSlack) lines_.resize(bytes + kSlack);
  char* out = lines_.data();
  rewind();
  for (const std::uint32_t row : rows) {
    out = write_line(row, out, lines_.data() + bytes);
    if (out == nullptr) return std::nullopt;
  }
  return std::string_view(lines_.data(), out);
}

Result<RunList> BlockDecoder::runs() {
  TALLY_TRY(const std::string_view part, parts_->part(kRunsPart));
  RunList list;
  if (!read_runs(part, parts_->header().count, decoder_.unpacker(), decoder_.integers(), list)) {
    return damaged("runs");
  }
  return list;
}

Result<CommitOutlines> BlockDecoder::commits() {
  TALLY_TRY(const std::string_view part, parts_->part(kCommitsPart));
  CommitOutlines outlines;
  if (!part.empty() && !read_outlines(part, decoder_.integers(), outlines)) {
    return damaged("commits");
  }
  return outlines;
}

Result<EventCounts> BlockDecoder::counts() {
  TALLY_TRY(const std::string_view part, parts_->part(kCountsPart));
  const BlockHeader& header = parts_->header();
  EventCounts counts;
  if (!read_counts(part, header.count - header.uncounted, decoder_.integers(), counts)) {
    return damaged("counts");
  }
  return counts;
}

}  // namespace tally::store
