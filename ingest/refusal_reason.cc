#include "ingest/refusal_reason.h"

#include <array>
#include <string_view>

#include "ingest/array_splitter.h"
#include "ingest/field_path.h"
#include "ingest/json_escapes.h"
#include "ingest/quoted_excerpt.h"
#include "ingest/validator.h"
#include "model/time.h"

namespace tally::ingest {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kTwoOnOneLine =
    "two events on one line; each needs its own (curl -d @file strips line ends, "
    "--data-binary @file keeps them)";

std::string_view rest(const EventText& event, Token offset) {
  return offset >= event.end ? std::string_view{}
                             : std::string_view(event.text + offset, event.end - offset);
}

/// What stands at `offset`, up to the next blank or operator.
std::string found(const EventText& event, Token offset) {
  std::string_view text = rest(event, offset);
  if (text.empty()) return "the end";
  if (text.starts_with('"')) return "a string";
  return quoted_excerpt(
      text.substr(0, std::max<std::size_t>(1, text.find_first_of(" \t\r\n{}[]:,"))));
}

std::string_view kind_of(char first) {
  switch (first) {
    case '"':
      return "a string";
    case '{':
      return "an object";
    case '[':
      return "an array";
    case 't':
    case 'f':
      return "a boolean";
    case 'n':
      return "null";
    default:
      return "a number";
  }
}

std::string_view wanted(Field field) {
  switch (field) {
    case Field::success:
      return "true or false";
    case Field::container:
    case Field::error:
      return "a string or null";
    case Field::metadata:
      return "an object or null";
    default:
      return "a string";
  }
}

std::string text_of(const EventText& event, const Fault& fault) {
  std::string text;
  append_unescaped(text, string_text(event.text, fault.token));
  return text;
}

std::string not_an_object(const EventText& event, const Fault& fault) {
  const std::string_view text = rest(event, fault.offset);
  if (text.starts_with(kByteOrderMark)) {
    return "begins with a byte order mark (EF BB BF), which JSON must not have";
  }
  if (text.starts_with('[')) return "an array where an event has to be: not a JSON object";
  return "not a JSON object: found " + found(event, fault.offset);
}

std::string no_value(const EventText& event, const Fault& fault) {
  const std::string what = found(event, fault.offset);
  std::string reason = "not a JSON value: " + what;
  if (what == "\"True\"" || what == "\"False\"" || what == "\"None\"") {
    reason += " (JSON writes true, false, null)";
  } else if (what == "\"NaN\"" || what == "\"Infinity\"" || what == "\"-Infinity\"") {
    reason += " (JSON has no such number; send null or a string)";
  } else if (what.starts_with("\"'")) {
    reason += " (JSON's strings are in double quotes)";
  } else if (what == "\"}\"" || what == "\"]\"" || what == "\",\"") {
    return "a value is missing before " + what;
  }
  return reason;
}

std::string no_key(const EventText& event, const Fault& fault) {
  const char before = event.text[fault.token[-1]];
  if (before == ',' && rest(event, fault.offset).starts_with('}')) {
    return "a comma without a field behind it";
  }
  return "a field's name in double quotes has to be where " + found(event, fault.offset) + " is";
}

std::string no_comma(const EventText& event, const Fault& fault) {
  return "a comma or the closing bracket has to be where " + found(event, fault.offset) + " is";
}

std::string text_behind(const EventText& event, const Fault& fault) {
  const std::string_view text = rest(event, fault.offset);
  if (text.starts_with('{')) return std::string(kTwoOnOneLine);
  if (text.starts_with(',')) return "a comma behind the event: lines are not separated by commas";
  return "text behind the event: " + found(event, fault.offset);
}

std::string missing_fields(FieldSet missing) {
  std::string reason;
  for (int i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if ((missing & bit(field)) == 0) continue;
    if (!reason.empty()) reason += ", ";
    reason += to_string(field);
  }
  return reason + ": missing";
}

std::string unknown_field(const EventText& event, const Fault& fault) {
  const Field nearest = nearest_field(text_of(event, fault));
  if (nearest == Field::unknown)
    return "unknown field (what else there is to say goes into metadata)";
  return "unknown field; did you mean " + std::string(to_string(nearest)) + '?';
}

/// What keeps a text from being a time, where that is a common slip.
std::string_view time_slip(const std::string& text) {
  if (parse_rfc3339(text + 'Z')) return "; it has no zone, such as Z or +02:00";
  std::string other = text;
  if (text.size() > 10 && text[10] == ' ') {
    other[10] = 'T';
    if (parse_rfc3339(other)) return "; T has to be where the space is";
    if (parse_rfc3339(other + 'Z')) return "; T has to be where the space is, and it has no zone";
  }
  // Right but for the year: 2000 had every day that a year can have.
  if (text.size() > 4 && parse_rfc3339("2000" + text.substr(4))) {
    return text < "1970" || text >= "2262" ? "; the year has to be from 1970 to 2261"
                                           : "; that year has no such day";
  }
  return "";
}

std::string bad_time(const EventText& event, const Fault& fault) {
  const std::string text = text_of(event, fault);
  return "not RFC 3339 with a time zone: " + quoted_excerpt(text) + std::string(time_slip(text));
}

std::string too_long(const EventText& event, const Fault& fault) {
  const std::size_t length_max =
      fault.field == Field::container ? kContainerLengthMax : kServiceLengthMax;
  static_assert(kServiceLengthMax == kOperationLengthMax);
  return "longer than " + std::to_string(length_max) + " characters (" +
         std::to_string(count_code_points(text_of(event, fault))) + ")";
}

std::string wrong_type(const EventText& event, const Fault& fault) {
  return "must be " + std::string(wanted(fault.field)) + ", not " +
         std::string(kind_of(event.text[*fault.token]));
}

std::string control_character(const EventText& event, const Fault& fault) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(event.text[fault.offset]);
  return std::string("control character 0x") + kHex[byte >> 4] + kHex[byte & 15] +
         " in a string, where JSON wants an escape";
}

std::string bad_escape(const EventText& event, const Fault& fault) {
  return "unknown escape " + quoted_excerpt(rest(event, fault.offset).substr(0, 2));
}

std::string lone_surrogate(const EventText& event, const Fault& fault) {
  return "lone surrogate " + std::string(rest(event, fault.offset).substr(0, 6)) +
         ", which stands for no character";
}

std::string describe(const EventText& event, const Fault& fault) {
  switch (fault.flaw) {
    case Flaw::none:
      return "not JSON";
    case Flaw::not_an_object:
      return not_an_object(event, fault);
    case Flaw::unfinished:
      return "ends before the event does: a bracket is not closed";
    case Flaw::no_key:
      return no_key(event, fault);
    case Flaw::no_colon:
      return "a colon has to be where " + found(event, fault.offset) + " is";
    case Flaw::no_comma:
      return no_comma(event, fault);
    case Flaw::no_value:
      return no_value(event, fault);
    case Flaw::bad_number:
      return "not a JSON number: " + found(event, fault.offset);
    case Flaw::bad_literal:
      return "not a JSON value: " + found(event, fault.offset);
    case Flaw::bad_escape:
      return bad_escape(event, fault);
    case Flaw::short_unicode:
      return "\\u without four hexadecimal digits";
    case Flaw::lone_surrogate:
      return lone_surrogate(event, fault);
    case Flaw::control_character:
      return control_character(event, fault);
    case Flaw::invalid_utf8:
      return "invalid UTF-8";
    case Flaw::open_string:
      return "a string without its closing quote";
    case Flaw::too_deep:
      return "nested deeper than " + std::to_string(kNestingMax) + " levels";
    case Flaw::duplicate_key:
      return "duplicate key";
    case Flaw::unknown_field:
      return unknown_field(event, fault);
    case Flaw::missing_field:
      return missing_fields(fault.missing);
    case Flaw::wrong_type:
      return wrong_type(event, fault);
    case Flaw::empty_text:
      return "must not be empty";
    case Flaw::too_long:
      return too_long(event, fault);
    case Flaw::bad_time:
      return bad_time(event, fault);
    case Flaw::text_behind:
      return text_behind(event, fault);
  }
  return "not JSON";
}

/// Whether the fault's token is the key to be named, rather than a value under a key.
bool is_about_key(Flaw flaw) { return flaw == Flaw::duplicate_key || flaw == Flaw::unknown_field; }

}  // namespace

std::string refusal_reason(const EventText& event, const Fault& fault) {
  std::string reason = describe(event, fault);
  // Behind the event's end there are other events' tokens, or none.
  if (fault.token == nullptr || *fault.token >= event.end) return reason;
  const std::string path =
      field_path(event.text, event.first, fault.token, is_about_key(fault.flaw));
  return path.empty() ? reason : path + ": " + reason;
}

std::string too_large_reason(std::string_view event, std::uint64_t length) {
  std::string reason = "larger than " + std::to_string(Validator::kEventBytesMax / 1024) +
                       " KiB (" + std::to_string(length) + " bytes)";
  const std::size_t first = event.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || event[first] != '{') return reason;
  const std::string_view behind = event.substr(value_end(event, first));
  const std::size_t second = behind.find_first_not_of(" \t\r\n");
  if (second == std::string_view::npos || behind[second] != '{') return reason;
  return reason + "; " + std::string(kTwoOnOneLine);
}

}  // namespace tally::ingest
