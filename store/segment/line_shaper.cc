#include "store/segment/line_shaper.h"

#include <algorithm>
#include <array>

#include "store/segment/text_hash.h"
#include "store/segment/text_scan.h"
#include "store/segment/value_spelling.h"

namespace tally::store {
namespace {

constexpr int kDepthMax = 40;
constexpr std::size_t kShapeBytesMax = 8 * 1024;
constexpr std::size_t kIdBytesMin = 8;
constexpr std::size_t kIdBytesMax = 64;
constexpr std::size_t kMessageNumbersMax = 256;

/// A dictionary that has grown to this size must be used this often per word, else its texts are
/// taken for different ones each time.
constexpr std::uint32_t kManyWords = 1024;
constexpr std::uint64_t kUsesPerWord = 4;

constexpr std::uint32_t kRequiredFields =
    1U << kTimeColumn | 1U << kServiceColumn | 1U << kOperationColumn | 1U << 7;

/// Number of a field: its fixed column, or 7 for success, which has none.
constexpr std::uint32_t kSuccessField = 7;

std::optional<std::uint32_t> field_of(std::string_view name) noexcept {
  switch (name.size()) {
    case 5:
      if (name == "error") return kErrorColumn;
      break;
    case 7:
      if (name == "service") return kServiceColumn;
      if (name == "success") return kSuccessField;
      break;
    case 8:
      if (name == "metadata") return kMetadataColumn;
      break;
    case 9:
      if (name == "operation") return kOperationColumn;
      if (name == "container") return kContainerColumn;
      if (name == "timestamp") return kTimeColumn;
      break;
    default:
      break;
  }
  return std::nullopt;
}

bool closes(const WordTable& words) noexcept {
  return words.size() >= kManyWords && words.uses() < kUsesPerWord * words.size();
}

}  // namespace

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

Shaping LineShaper::shape(std::string_view line, Detail detail, ShapedLine& out) {
  out.clear();
  out_ = &out;
  detail_ = detail;
  in_ = LineScanner(line);
  copied_ = in_.position();
  too_rich_ = false;
  container_ = {};
  const bool taken = members();
  out.shape.append(copied_, in_.end());
  if (too_rich_ || out.shape.size() > kShapeBytesMax) return Shaping::too_rich;
  return taken ? Shaping::shaped : Shaping::not_event;
}

bool LineShaper::members() {
  unsigned seen = 0;
  in_.skip_blanks();
  if (!in_.skip('{')) return false;
  do {
    if (!member(seen)) return false;
    in_.skip_blanks();
  } while (in_.skip(','));
  if (!in_.skip('}')) return false;
  in_.skip_blanks();
  return in_.at_end() && (seen & kRequiredFields) == kRequiredFields;
}

bool LineShaper::member(unsigned& seen) {
  in_.skip_blanks();
  const auto name = in_.string();
  if (!name) return false;
  const auto field_number = field_of(*name);
  // A name with escapes is not found either: such a line is kept as it is.
  if (!field_number || (seen >> *field_number & 1) != 0) return false;
  seen |= 1U << *field_number;
  in_.skip_blanks();
  if (!in_.skip(':')) return false;
  in_.skip_blanks();
  return field(*field_number);
}

bool LineShaper::field(std::uint32_t column) {
  switch (column) {
    case kTimeColumn:
      return timestamp();
    case kServiceColumn:
      return service();
    case kOperationColumn:
      return operation();
    case kContainerColumn:
      return container();
    case kErrorColumn:
      return error();
    case kMetadataColumn:
      return metadata();
    default:
      return success();
  }
}

bool LineShaper::timestamp() {
  const auto text = in_.string();
  if (!text) return false;
  const auto time = times_.read(*text);
  if (!time) return false;
  const auto minutes = static_cast<std::uint16_t>(time->form.offset_minutes + 1440);
  const std::array<char, kTimeMarkBytes> mark{
      kTimeMark, static_cast<char>(time->form.fraction | (time->form.lower_t ? 0x10 : 0)),
      static_cast<char>(minutes & 0xFF), static_cast<char>(minutes >> 8)};
  out_->shape.append(copied_, text->data());
  out_->shape.append(mark.data(), mark.size());
  copied_ = text->data() + text->size() - time->zone_length;
  out_->time = time->utc;
  return true;
}

bool LineShaper::service() {
  const auto text = in_.string();
  if (!text) return false;
  const auto code = schema_->word(kServiceColumn, *text);
  if (!code) return put_text(kServiceColumn, ColumnKind::text, *text);
  out_->has_service = true;
  return put(kServiceColumn, *text, *code);
}

/// The operation stays within the shape, so it must not have bytes that could pass for marks.
bool LineShaper::operation() {
  const auto text = in_.string();
  if (!text) return false;
  out_->operation = *text;
  return std::none_of(text->begin(), text->end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

bool LineShaper::success() {
  out_->success = in_.at('t');
  return in_.skip(out_->success ? "true" : "false");
}

bool LineShaper::container() {
  if (in_.at('n')) return in_.skip("null");
  const auto text = in_.string();
  if (!text) return false;
  container_ = *text;
  return put_word(kContainerColumn, *text);
}

bool LineShaper::error() {
  if (in_.at('n')) return in_.skip("null");
  const auto content = in_.string();
  if (!content) return false;
  return message(kErrorColumn, *content);
}

bool LineShaper::metadata() {
  if (in_.at('n')) return in_.skip("null");
  if (!in_.at('{')) return false;
  if (detail_ == Detail::full) return value(kMetadataColumn, 0);
  const auto text = in_.nested();
  return text && put_text(kMetadataColumn, ColumnKind::json, *text);
}

bool LineShaper::value(PathId path, int depth) {
  if (in_.at_end()) return false;
  switch (*in_.position()) {
    case '{':
      return object(path, depth);
    case '[':
      return array(path, depth);
    case '"':
      return string(path);
    case 't':
    case 'f':
    case 'n':
      return truth(path);
    default:
      return number(path);
  }
}

bool LineShaper::object(PathId path, int depth) {
  if (depth == kDepthMax) return too_rich();
  in_.skip('{');
  in_.skip_blanks();
  if (in_.skip('}')) return true;
  do {
    in_.skip_blanks();
    const auto key = in_.string();
    if (!key) return false;
    const auto inner = schema_->child(path, *key);
    if (!inner) return too_rich();
    in_.skip_blanks();
    if (!in_.skip(':')) return false;
    in_.skip_blanks();
    if (!value(*inner, depth + 1)) return false;
    in_.skip_blanks();
  } while (in_.skip(','));
  return in_.skip('}');
}

bool LineShaper::array(PathId path, int depth) {
  if (depth == kDepthMax) return too_rich();
  in_.skip('[');
  in_.skip_blanks();
  if (in_.skip(']')) return true;
  const auto inner = schema_->child(path, kElementKey);
  if (!inner) return too_rich();
  do {
    in_.skip_blanks();
    if (!value(*inner, depth + 1)) return false;
    in_.skip_blanks();
  } while (in_.skip(','));
  return in_.skip(']');
}

bool LineShaper::string(PathId path) {
  const auto read = in_.string();
  if (!read) return false;
  const std::string_view content = *read;
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
  return text(path, content);
}

bool LineShaper::id(PathId path, std::string_view content, ColumnKind kind, std::uint8_t bytes) {
  const std::uint64_t hash = text_hash(content);
  if (schema_->repeats(path, hash)) return text(path, content);
  const auto column = schema_->column(path, kind, bytes);
  if (!column) return too_rich();
  return put({.column = *column, .text = content, .hash = hash}, content);
}

bool LineShaper::text(PathId path, std::string_view content) {
  return schema_->path(path).many_words ? message(path, content) : put_word(path, content);
}

/// As a word of the path's dictionary, or past its cap as the text itself. Containers always have a
/// dictionary: they are what events are looked up by.
bool LineShaper::put_word(PathId path, std::string_view content) {
  const auto column = schema_->column(path, ColumnKind::word);
  if (!column) return too_rich();
  const auto code = schema_->word(*column, content);
  if (!code) return put_text(path, ColumnKind::text, content);
  if (path != kContainerColumn && closes(schema_->words(*column))) {
    schema_->path(path).many_words = true;
  }
  return put(column, content, *code);
}

bool LineShaper::message(PathId path, std::string_view content) {
  auto& known = schema_->path(path);
  if (known.many_templates) return put_text(path, ColumnKind::text, content);
  if (!take_apart(content, container_, message_)) return false;
  const auto column = schema_->column(path, ColumnKind::message);
  if (!column) return too_rich();
  const bool few = message_.numbers.size() <= kMessageNumbersMax;
  const auto code = few ? schema_->word(*column, message_.pattern) : std::nullopt;
  if (!code) return put_text(path, ColumnKind::text, content);
  known.many_templates = closes(schema_->words(*column));
  if (!put(column, content, 0)) return false;
  out_->values.pop_back();
  add_message(*out_, *column, *code, message_, content);
  return true;
}

bool LineShaper::number(PathId path) {
  const std::string_view text = in_.number();
  if (text.empty()) return false;
  if (const auto value = read_integer(text)) {
    return put(schema_->column(path, ColumnKind::integer), text, *value);
  }
  return decimal(path, text);
}

bool LineShaper::decimal(PathId path, std::string_view text) {
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

bool LineShaper::truth(PathId path) {
  const char* const begin = in_.position();
  const auto which = in_.truth();
  return which &&
         put(schema_->column(path, ColumnKind::truth), {begin, which->length}, which->number);
}

/// Puts a mark into the shape where the value stood, `text` in the line.
bool LineShaper::put(const SlotValue& value, std::string_view text) {
  if (out_->values.size() == kShapeSlotsMax) return too_rich();
  out_->shape.append(copied_, text.data());
  const std::array<char, kSlotMarkBytes> mark{kSlotMark, static_cast<char>(value.column & 0xFF),
                                              static_cast<char>(value.column >> 8)};
  out_->shape.append(mark.data(), mark.size());
  copied_ = text.data() + text.size();
  out_->values.push_back(value);
  return true;
}

bool LineShaper::put(std::optional<std::uint32_t> column, std::string_view text,
                     std::int64_t number) {
  if (!column) return too_rich();
  return put({.column = *column, .number = number}, text);
}

bool LineShaper::put_text(PathId path, ColumnKind kind, std::string_view text) {
  const auto column = schema_->column(path, kind);
  if (!column) return too_rich();
  return put({.column = *column, .text = text}, text);
}

bool LineShaper::too_rich() noexcept {
  too_rich_ = true;
  return false;
}

}  // namespace tally::store
