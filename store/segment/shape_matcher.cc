#include "store/segment/shape_matcher.h"

#include <utility>

#include "store/segment/text_hash.h"
#include "store/segment/text_scan.h"
#include "store/segment/value_spelling.h"

namespace tally::store {
namespace {

/// Past so many ways to go on, parsing is faster than trying them.
constexpr std::size_t kStepsMax = 64;

std::uint8_t byte_at(std::string_view text, std::size_t index) noexcept {
  return static_cast<std::uint8_t>(text[index]);
}

}  // namespace

void ShapeMatcher::learn(std::string_view shape, std::uint32_t code) {
  constexpr char kMarks[] = {kSlotMark, kTimeMark};
  std::uint32_t node = 0;
  while (true) {
    Step step;
    const std::size_t mark = shape.find_first_of(std::string_view(kMarks, 2));
    step.literal = shape.substr(0, mark);
    if (mark == std::string_view::npos) {
      step.next = code;
      if (nodes_[node].steps.size() < kStepsMax) nodes_[node].steps.push_back(std::move(step));
      return;
    }
    if (shape[mark] == kTimeMark) {
      const int minutes = byte_at(shape, mark + 2) + 256 * byte_at(shape, mark + 3);
      step.column = kTimeColumn;
      step.form = {.fraction = static_cast<std::uint8_t>(byte_at(shape, mark + 1) & 0x0F),
                   .lower_t = (byte_at(shape, mark + 1) & 0x10) != 0,
                   .offset_minutes = static_cast<std::int16_t>(minutes - 1440)};
      shape.remove_prefix(mark + kTimeMarkBytes);
    } else {
      step.column = byte_at(shape, mark + 1) + 256U * byte_at(shape, mark + 2);
      shape.remove_prefix(mark + kSlotMarkBytes);
    }
    step.kind = schema_->columns()[step.column].kind;
    step.parameter = schema_->columns()[step.column].parameter;
    node = follow(node, step);
    if (node == 0) return;
  }
}

/// The node behind the step, which is added if it is new; 0 if there is no room for it.
std::uint32_t ShapeMatcher::follow(std::uint32_t node, const Step& step) {
  for (const Step& known : nodes_[node].steps) {
    if (known.column == step.column && known.form == step.form && known.literal == step.literal) {
      return known.next;
    }
  }
  if (nodes_[node].steps.size() == kStepsMax) return 0;
  const auto next = static_cast<std::uint32_t>(nodes_.size());
  nodes_.emplace_back();
  nodes_[node].steps.push_back(step);
  nodes_[node].steps.back().next = next;
  return next;
}

// PERF: flattened, since each value costs five calls otherwise: a tenth of all that happens here.
[[gnu::flatten]] std::optional<std::uint32_t> ShapeMatcher::match(std::string_view line,
                                                                  ShapedLine& out) {
  out.clear();
  out_ = &out;
  container_ = {};
  const char* at = line.data();
  const char* const end = at + line.size();
  std::uint32_t node = 0;
  while (true) {
    auto& steps = nodes_[node].steps;
    std::size_t i = 0;
    for (; i < steps.size(); ++i) {
      const Step& step = steps[i];
      const std::size_t length = step.literal.size();
      if (static_cast<std::size_t>(end - at) < length ||
          !same_bytes(at, step.literal.data(), length)) {
        continue;
      }
      const char* behind = at + length;
      if (step.column == kEnd ? behind != end : !take(step, behind, end)) continue;
      at = behind;
      break;
    }
    if (i == steps.size()) return std::nullopt;
    Step& taken = steps[i];
    const std::uint32_t next = taken.next;
    const bool last = taken.column == kEnd;
    // One place at a time: the order follows the use without ever being sorted.
    if (++taken.uses > steps[i / 2].uses) std::swap(taken, steps[i / 2]);
    if (last) return next;
    node = next;
  }
}

bool ShapeMatcher::take(const Step& step, const char*& at, const char* end) {
  switch (step.kind) {
    case ColumnKind::integer:
    case ColumnKind::decimal:
    case ColumnKind::fixed:
      return take_number(step, at, end);
    case ColumnKind::truth:
      return take_truth(step, at, end);
    case ColumnKind::json:
    case ColumnKind::text:
      return false;
    default:
      return take_string(step, at, end);
  }
}

/// A value between quotes, of which the first is behind us.
bool ShapeMatcher::take_string(const Step& step, const char*& at, const char* end) {
  const char* const quote = find_closing_quote(at, end);
  if (quote == nullptr) return false;
  const std::string_view text(at, quote);
  at = quote;
  switch (step.kind) {
    case ColumnKind::time: {
      const auto time = times_.read(text);
      if (!time || time->form != step.form) return false;
      out_->time = time->utc;
      at -= time->zone_length;
      return true;
    }
    case ColumnKind::word:
      return take_word(step, text);
    case ColumnKind::message:
      return take_message(step, text);
    default:
      return take_id(step, text);
  }
}

bool ShapeMatcher::take_word(const Step& step, std::string_view text) {
  const auto code = schema_->known_word(step.column, text);
  if (!code) return false;
  if (step.column == kContainerColumn) container_ = text;
  out_->values.push_back({.column = step.column, .number = *code});
  return true;
}

bool ShapeMatcher::take_id(const Step& step, std::string_view text) {
  const HexCase letters = step.kind == ColumnKind::hex_lower ? HexCase::lower : HexCase::upper;
  const bool fits = step.kind == ColumnKind::uuid
                        ? is_uuid(text)
                        : text.size() == 2U * step.parameter && is_hex(text, letters);
  if (!fits) return false;
  const std::uint64_t hash = text_hash(text);
  if (schema_->repeats(schema_->path_of(step.column), hash)) return false;
  out_->values.push_back({.column = step.column, .text = text, .hash = hash});
  return true;
}

bool ShapeMatcher::take_message(const Step& step, std::string_view text) {
  if (!take_apart(text, container_, message_)) return false;
  const auto code = schema_->known_word(step.column, message_.pattern);
  if (!code) return false;
  add_message(*out_, step.column, *code, message_, text);
  return true;
}

bool ShapeMatcher::take_number(const Step& step, const char*& at, const char* end) {
  const char* const begin = at;
  at = find_number_end(at, end);
  const std::string_view text(begin, at);
  if (step.kind == ColumnKind::integer) {
    const auto value = read_integer(text);
    if (value) out_->values.push_back({.column = step.column, .number = *value});
    return value.has_value();
  }
  const auto& path = schema_->path(schema_->path_of(step.column));
  const auto value = read_decimal(text);
  if (!value) return false;
  const bool fixed = value->ends_in_zero || value->scale == path.fixed_scale;
  if (fixed != (step.kind == ColumnKind::fixed)) return false;
  const std::uint8_t scale = fixed ? value->scale : path.scale;
  const auto digits = rescaled(*value, scale);
  if (!digits || scale != step.parameter) return false;
  out_->values.push_back({.column = step.column, .number = *digits});
  return true;
}

bool ShapeMatcher::take_truth(const Step& step, const char*& at, const char* end) {
  const auto which = read_truth({at, end});
  if (!which) return false;
  out_->values.push_back({.column = step.column, .number = which->number});
  at += which->length;
  return true;
}

}  // namespace tally::store
