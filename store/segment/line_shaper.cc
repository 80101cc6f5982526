#include "store/segment/line_shaper.h"

#include <algorithm>
#include <optional>

namespace tally::store {
namespace {

constexpr int kDepthMax = 40;
constexpr std::size_t kShapeBytesMax = 8 * 1024;

/// Number of a field: its fixed column, or 7 for success, which has none.
constexpr std::uint32_t kSuccessField = 7;
constexpr std::uint32_t kRequiredFields =
    1U << kTimeColumn | 1U << kServiceColumn | 1U << kOperationColumn | 1U << kSuccessField;

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

}  // namespace

Shaping LineShaper::shape(std::string_view line, Detail detail, ShapedLine& out) {
  out_ = &out;
  detail_ = detail;
  in_ = LineScanner(line);
  values_.begin(line, out);
  const bool taken = members();
  values_.end(in_.end());
  if (values_.too_rich() || out.shape.size() > kShapeBytesMax) return Shaping::too_rich;
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
  return text && values_.time(*text);
}

bool LineShaper::service() {
  const auto text = in_.string();
  return text && values_.service(*text);
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
  return text && values_.container(*text);
}

bool LineShaper::error() {
  if (in_.at('n')) return in_.skip("null");
  const auto text = in_.string();
  return text && values_.error(*text);
}

bool LineShaper::metadata() {
  if (in_.at('n')) return in_.skip("null");
  if (!in_.at('{')) return false;
  if (detail_ == Detail::full) return value(kMetadataColumn, 0);
  const auto text = in_.nested();
  return text && values_.json(kMetadataColumn, *text);
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
  if (depth == kDepthMax) return values_.refuse();
  in_.skip('{');
  in_.skip_blanks();
  if (in_.skip('}')) return true;
  do {
    in_.skip_blanks();
    const auto key = in_.string();
    if (!key) return false;
    const auto inner = schema_->child(path, *key);
    if (!inner) return values_.refuse();
    in_.skip_blanks();
    if (!in_.skip(':')) return false;
    in_.skip_blanks();
    if (!value(*inner, depth + 1)) return false;
    in_.skip_blanks();
  } while (in_.skip(','));
  return in_.skip('}');
}

bool LineShaper::array(PathId path, int depth) {
  if (depth == kDepthMax) return values_.refuse();
  in_.skip('[');
  in_.skip_blanks();
  if (in_.skip(']')) return true;
  const auto inner = schema_->child(path, kElementKey);
  if (!inner) return values_.refuse();
  do {
    in_.skip_blanks();
    if (!value(*inner, depth + 1)) return false;
    in_.skip_blanks();
  } while (in_.skip(','));
  return in_.skip(']');
}

bool LineShaper::string(PathId path) {
  const auto text = in_.string();
  return text && values_.string(path, *text);
}

bool LineShaper::number(PathId path) {
  const std::string_view text = in_.number();
  return !text.empty() && values_.number(path, text);
}

bool LineShaper::truth(PathId path) {
  const char* const begin = in_.position();
  const auto which = in_.truth();
  return which && values_.truth(path, {begin, in_.position()}, *which);
}

}  // namespace tally::store
