#include "store/segment/block_decoder.h"

#include <algorithm>
#include <iterator>

#include "store/segment/segment_format.h"
#include "store/segment/text_scan.h"

namespace tally::store {
namespace {

constexpr std::size_t kFewLinesBytes = 64 * 1024;
constexpr std::size_t kUsualLineBytes = 1024;

}  // namespace

BlockDecoder::BlockDecoder(const SegmentSchema& schema)
    : schema_(&schema), columns_(schema.columns().size()), row_values_(schema), writer_(schema) {}

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
  for (DecodedColumn& state : columns_) {
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
  DecodedColumn& state = columns_[column];
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
  DecodedColumn& state = columns_[column];
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
  DecodedColumn& state = columns_[column];
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
  for (DecodedColumn& state : columns_) state.next = state.byte = state.token = 0;
}

Result<std::string_view> BlockDecoder::lines() {
  decoder_.begin_block(parts_->header().lines_bytes);
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    TALLY_TRY(decode_column(i));
  }
  const std::size_t bytes = parts_->header().lines_bytes;
  if (lines_.size() < bytes + LineWriter::kSlack) lines_.resize(bytes + LineWriter::kSlack);
  char* out = lines_.data();
  const char* const limit = out + bytes;
  rewind();
  for (std::uint32_t row = 0; row < shapes_.size(); ++row) {
    columns_[kTimeColumn].next = row;  // Lines that are kept as they are have one too.
    out = writer_.write(shapes_[row], columns_, out, limit);
    if (out == nullptr) return damaged("lines are longer than the header says");
  }
  if (out != limit) return damaged("lines are shorter than the header says");
  return std::string_view(lines_).substr(0, bytes);
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
  if (lines_.size() < bytes + LineWriter::kSlack) lines_.resize(bytes + LineWriter::kSlack);
  char* out = lines_.data();
  rewind();
  for (const std::uint32_t row : rows) {
    out = writer_.write(shapes_[row], columns_, out, lines_.data() + bytes);
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
