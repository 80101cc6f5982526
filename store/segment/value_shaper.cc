#include "store/segment/value_shaper.h"

#include <algorithm>
#include <array>

#include "store/segment/text_hash.h"
#include "store/segment/value_spelling.h"

namespace tally::store {
namespace {

constexpr std::size_t kIdBytesMin = 8;
constexpr std::size_t kIdBytesMax = 64;
constexpr std::size_t kMessageNumbersMax = 256;

/// A dictionary that has grown to this size must be used this often per word, else its texts are
/// taken for different ones each time.
constexpr std::uint32_t kManyWords = 1024;
constexpr std::uint64_t kUsesPerWord = 4;

bool closes(const WordTable& words) noexcept {
  return words.size() >= kManyWords && words.uses() < kUsesPerWord * words.size();
}

}  // namespace

void ValueShaper::begin(std::string_view line, ShapedLine& out) {
  out.clear();
  out_ = &out;
  copied_ = line.data();
  container_ = {};
  too_rich_ = false;
}

bool ValueShaper::time(std::string_view text) {
  const auto time = times_.read(text);
  if (!time) return false;
  const auto minutes = static_cast<std::uint16_t>(time->form.offset_minutes + 1440);
  const std::array<char, kTimeMarkBytes> mark{
      kTimeMark, static_cast<char>(time->form.fraction | (time->form.lower_t ? 0x10 : 0)),
      static_cast<char>(minutes & 0xFF), static_cast<char>(minutes >> 8)};
  out_->shape.append(copied_, text.data());
  out_->shape.append(mark.data(), mark.size());
  copied_ = text.data() + text.size() - time->zone_length;
  out_->time = time->utc;
  return true;
}

bool ValueShaper::service(std::string_view text) {
  const auto code = schema_->word(kServiceColumn, text);
  if (!code) return put_text(kServiceColumn, ColumnKind::text, text);
  out_->has_service = true;
  return put(kServiceColumn, text, *code);
}

bool ValueShaper::container(std::string_view text) {
  container_ = text;
  return word(kContainerColumn, text);
}

bool ValueShaper::string(PathId path, std::string_view content) {
  const std::size_t bytes = content.size() / 2;
  if (bytes >= kIdBytesMin && bytes <= kIdBytesMax) {
    if (is_hex(content, HexCase::lower)) {
      return id(path, content, ColumnKind::hex_lower, static_cast<std::uint8_t>(bytes));
    }
    if (is_hex(content, HexCase::upper)) {
      return id(path, content, ColumnKind::hex_upper, static_cast<std::uint8_t>(bytes));
    }
    if (is_uuid(content)) return id(path, content, ColumnKind::uuid, 0);
  }
  return word_or_message(path, content);
}

bool ValueShaper::id(PathId path, std::string_view content, ColumnKind kind, std::uint8_t bytes) {
  const std::uint64_t hash = text_hash(content);
  if (schema_->repeats(path, hash)) return word_or_message(path, content);
  const auto column = schema_->column(path, kind, bytes);
  if (!column) return refuse();
  return put({.column = *column, .text = content, .hash = hash}, content);
}

bool ValueShaper::word_or_message(PathId path, std::string_view content) {
  return schema_->path(path).many_words ? message(path, content) : word(path, content);
}

/// As a word of the path's dictionary, or past its cap as the text itself. Containers always have a
/// dictionary: they are what events are looked up by.
bool ValueShaper::word(PathId path, std::string_view content) {
  const auto column = schema_->column(path, ColumnKind::word);
  if (!column) return refuse();
  const auto code = schema_->word(*column, content);
  if (!code) return put_text(path, ColumnKind::text, content);
  if (path != kContainerColumn && closes(schema_->words(*column))) {
    schema_->path(path).many_words = true;
  }
  return put(column, content, *code);
}

bool ValueShaper::message(PathId path, std::string_view content) {
  auto& known = schema_->path(path);
  if (known.many_templates) return put_text(path, ColumnKind::text, content);
  if (!take_apart(content, container_, message_)) return false;
  const auto column = schema_->column(path, ColumnKind::message);
  if (!column) return refuse();
  const bool few = message_.numbers.size() <= kMessageNumbersMax;
  const auto code = few ? schema_->word(*column, message_.pattern) : std::nullopt;
  if (!code) return put_text(path, ColumnKind::text, content);
  known.many_templates = closes(schema_->words(*column));
  if (!put(column, content, 0)) return false;
  out_->values.pop_back();
  add_message(*out_, *column, *code, message_, content);
  return true;
}

bool ValueShaper::number(PathId path, std::string_view text) {
  if (const auto value = read_integer(text)) {
    return put(schema_->column(path, ColumnKind::integer), text, *value);
  }
  return decimal(path, text);
}

bool ValueShaper::decimal(PathId path, std::string_view text) {
  auto& known = schema_->path(path);
  const auto value = read_decimal(text);
  if (value) {
    if (value->ends_in_zero) known.fixed_scale = value->scale;
    if (value->scale == known.fixed_scale) {
      return put(schema_->column(path, ColumnKind::fixed, value->scale), text, value->digits);
    }
    known.scale = std::max(known.scale, value->scale);
    // Behind a point with one digit a zero may be the last, so that 1.50 is none of these.
    if (const auto digits = rescaled(*value, known.scale)) {
      return put(schema_->column(path, ColumnKind::decimal, known.scale), text, *digits);
    }
  }
  return put_text(path, ColumnKind::json, text);
}

bool ValueShaper::truth(PathId path, std::string_view text, const Truth& which) {
  return put(schema_->column(path, ColumnKind::truth), text, which.number);
}

/// Puts a mark into the shape where the value stood, `text` in the line.
bool ValueShaper::put(const SlotValue& value, std::string_view text) {
  if (out_->values.size() == kShapeSlotsMax) return refuse();
  out_->shape.append(copied_, text.data());
  const std::array<char, kSlotMarkBytes> mark{kSlotMark, static_cast<char>(value.column & 0xFF),
                                              static_cast<char>(value.column >> 8)};
  out_->shape.append(mark.data(), mark.size());
  copied_ = text.data() + text.size();
  out_->values.push_back(value);
  return true;
}

bool ValueShaper::put(std::optional<std::uint32_t> column, std::string_view text,
                      std::int64_t number) {
  if (!column) return refuse();
  return put({.column = *column, .number = number}, text);
}

bool ValueShaper::put_text(PathId path, ColumnKind kind, std::string_view text) {
  const auto column = schema_->column(path, kind);
  if (!column) return refuse();
  return put({.column = *column, .text = text}, text);
}

bool ValueShaper::refuse() noexcept {
  too_rich_ = true;
  return false;
}

}  // namespace tally::store
