#include "store/segment/segment_schema.h"

#include <utility>

#include "store/segment/segment_format.h"
#include "store/segment/value_spelling.h"

namespace tally::store {
namespace {

/// Every text takes a byte at least, so that a list cannot claim more than there are bytes.
constexpr std::size_t kTextsMax = kSharedBytesMax;

bool is_known(const Column& column) noexcept {
  if (column.kind < ColumnKind::json || column.kind > ColumnKind::truth) return false;
  switch (column.kind) {
    case ColumnKind::decimal:
    case ColumnKind::fixed:
      return column.parameter >= 1 && column.parameter <= kDigitsMax;
    case ColumnKind::hex_lower:
    case ColumnKind::hex_upper:
      return column.parameter >= 1;
    case ColumnKind::time:
      return false;
    default:
      return column.parameter == 0;
  }
}

bool has_words(ColumnKind kind) noexcept {
  return kind == ColumnKind::word || kind == ColumnKind::message;
}

std::uint8_t at(std::string_view text, std::size_t index) noexcept {
  return static_cast<std::uint8_t>(text[index]);
}

}  // namespace

Result<SegmentSchema> SegmentSchema::decode(std::string_view bytes) {
  SegmentSchema schema;
  schema.bytes_.reserve(bytes.size() + kPadding);
  schema.bytes_ = bytes;
  schema.bytes_.append(kPadding, '\0');
  ByteReader in(std::string_view(schema.bytes_).substr(0, bytes.size()));
  if (!schema.read_columns(in) || !schema.read_words(in) || !schema.read_shapes(in) ||
      !in.at_end()) {
    return Error{Errc::corruption, "schema is malformed"};
  }
  return schema;
}

bool SegmentSchema::read_columns(ByteReader& in) {
  columns_ = fixed_columns();
  const std::size_t count = in.varint(kColumnsMax);
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    Column column;
    column.path = in.text(kPathBytesMax);
    column.kind = static_cast<ColumnKind>(in.byte());
    column.parameter = in.byte();
    if (!is_known(column) || columns_.size() == kColumnsMax) in.fail();
    columns_.push_back(std::move(column));
  }
  words_.resize(columns_.size());
  needs_.resize(columns_.size());
  return !in.failed();
}

bool SegmentSchema::read_words(ByteReader& in) {
  std::size_t lists = in.varint(kColumnsMax);
  for (; lists > 0 && !in.failed(); --lists) {
    const std::uint64_t column = in.varint(columns_.size() - 1);
    const std::size_t count = in.varint(kWordsMax);
    if (in.failed() || !has_words(columns_[column].kind) || !words_[column].empty()) return false;
    const bool templates = columns_[column].kind == ColumnKind::message;
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
      const std::string_view word = in.text(kWordBytesMax);
      words_[column].push_back(place(word));
      if (!templates) continue;
      needs_[column].emplace_back();
      if (!read_needs(word, needs_[column].back())) return false;
    }
  }
  return !in.failed();
}

bool SegmentSchema::read_shapes(ByteReader& in) {
  std::size_t count = in.varint(kShapesMax);
  for (; count > 0 && !in.failed(); --count) {
    ShapeFacts facts;
    const std::uint64_t operation = in.varint(words_[kOperationColumn].size());
    facts.has_operation = operation > 0;
    if (facts.has_operation) facts.operation = static_cast<std::uint32_t>(operation - 1);
    facts.success = in.varint(1) == 1;
    const std::string_view text = in.text(kTextsMax);
    if (in.failed() || !read_shape(text, facts)) return false;
  }
  return !in.failed();
}

bool SegmentSchema::read_shape(std::string_view text, ShapeFacts facts) {
  Shape shape{.first_step = static_cast<std::uint32_t>(steps_.size()), .steps = 0, .facts = facts};
  constexpr char kMarks[] = {kSlotMark, kTimeMark};
  std::size_t begin = 0;
  bool has_time = false;
  while (true) {
    const std::size_t mark = text.find_first_of(std::string_view(kMarks, 2), begin);
    const std::string_view literal = text.substr(begin, mark - begin);
    ShapeStep step;
    step.literal = place(literal).begin;
    step.literal_length = static_cast<std::uint32_t>(literal.size());
    if (mark == std::string_view::npos) {
      steps_.push_back(step);
      break;
    }
    if (!read_mark(text, mark, step)) return false;
    if (step.column == kTimeColumn && std::exchange(has_time, true)) return false;
    steps_.push_back(step);
    shape.facts.has_service |= step.column == kServiceColumn;
    begin = mark + (text[mark] == kTimeMark ? kTimeMarkBytes : kSlotMarkBytes);
  }
  shape.steps = static_cast<std::uint32_t>(steps_.size()) - shape.first_step;
  shapes_.push_back(shape);
  return shape.steps <= kShapeSlotsMax + 2;
}

bool SegmentSchema::read_mark(std::string_view text, std::size_t mark, ShapeStep& step) const {
  step.has_value = true;
  if (text[mark] == kTimeMark) {
    if (text.size() - mark < kTimeMarkBytes) return false;
    const std::uint8_t style = at(text, mark + 1);
    const int minutes = at(text, mark + 2) + 256 * at(text, mark + 3);
    step.column = kTimeColumn;
    step.kind = ColumnKind::time;
    step.form = {.fraction = static_cast<std::uint8_t>(style & 0x0F),
                 .lower_t = (style & 0x10) != 0,
                 .offset_minutes = static_cast<std::int16_t>(minutes - 1440)};
    return style < 0x20 && minutes <= 2880 &&
           (step.form.fraction <= TimeForm::kFractionMax ||
            step.form.fraction == TimeForm::kTrimmed);
  }
  if (text.size() - mark < kSlotMarkBytes) return false;
  step.column = at(text, mark + 1) + 256U * at(text, mark + 2);
  if (step.column >= columns_.size() || step.column == kTimeColumn ||
      step.column == kOperationColumn) {
    return false;
  }
  step.kind = columns_[step.column].kind;
  step.parameter = columns_[step.column].parameter;
  return true;
}

SchemaText SegmentSchema::place(std::string_view text) const noexcept {
  if (text.empty()) return {};
  return {static_cast<std::uint32_t>(text.data() - bytes_.data()),
          static_cast<std::uint32_t>(text.size())};
}

void put_schema(std::string& out, const SchemaBuilder& schema, const ShapeTable& shapes) {
  const auto& columns = schema.columns();
  put_varint(out, columns.size() - kFixedColumns);
  for (std::size_t i = kFixedColumns; i < columns.size(); ++i) {
    put_text(out, columns[i].path);
    out.push_back(static_cast<char>(columns[i].kind));
    out.push_back(static_cast<char>(columns[i].parameter));
  }
  std::size_t lists = 0;
  std::string words;
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    const WordTable& table = schema.words(i);
    if (table.size() == 0) continue;
    ++lists;
    put_varint(words, i);
    put_varint(words, table.size());
    for (std::uint32_t code = 0; code < table.size(); ++code) put_text(words, table.text(code));
  }
  put_varint(out, lists);
  out += words;
  put_varint(out, shapes.size());
  for (std::uint32_t code = 0; code < shapes.size(); ++code) {
    const ShapeFacts& facts = shapes.facts(code);
    put_varint(out, facts.has_operation ? facts.operation + 1 : 0);
    put_varint(out, facts.success ? 1 : 0);
    put_text(out, shapes.text(code));
  }
}

}  // namespace tally::store
