#include "store/event/event_reader.h"

#include <simdjson.h>

#include <cstring>

#include "store/cursor.h"
#include "store/event/json_strings.h"

namespace tally::store {
namespace {

using simdjson::ondemand::field;
using simdjson::ondemand::raw_json_string;
using simdjson::ondemand::value;

static_assert(kChunkPadding >= simdjson::SIMDJSON_PADDING);

FieldSet field_named(std::string_view name) noexcept {
  if (name == "timestamp") return FieldSet::time;
  if (name == "service") return FieldSet::service;
  if (name == "operation") return FieldSet::operation;
  if (name == "container") return FieldSet::container;
  if (name == "success") return FieldSet::success;
  if (name == "error") return FieldSet::error;
  if (name == "metadata") return FieldSet::metadata;
  return FieldSet::none;
}

}  // namespace

struct EventReader::State {
  simdjson::ondemand::parser parser;
  JsonStrings strings;
  EventFields fields;

  bool read(std::string_view line, FieldSet wanted);
  bool read_field(FieldSet kind, value& from);
  bool read_string(value& from, std::string_view& into);
  bool read_optional(value& from, std::optional<std::string_view>& into);
  bool read_metadata(value& from);
};

bool EventReader::State::read_string(value& from, std::string_view& into) {
  raw_json_string raw;
  if (from.get_raw_json_string().get(raw) != simdjson::SUCCESS) return false;
  const auto text = strings.text(parser, raw);
  if (!text) return false;
  into = *text;
  return true;
}

bool EventReader::State::read_optional(value& from, std::optional<std::string_view>& into) {
  bool null = false;
  if (from.is_null().get(null) != simdjson::SUCCESS) return false;
  if (null) return true;
  std::string_view text;
  if (!read_string(from, text)) return false;
  into = text;
  return true;
}

bool EventReader::State::read_metadata(value& from) {
  bool null = false;
  if (from.is_null().get(null) != simdjson::SUCCESS) return false;
  if (null) return true;
  simdjson::ondemand::object object;
  std::string_view raw;
  if (from.get_object().get(object) != simdjson::SUCCESS ||
      object.raw_json().get(raw) != simdjson::SUCCESS) {
    return false;
  }
  fields.metadata = without_trailing_space(raw);
  return true;
}

bool EventReader::State::read_field(FieldSet kind, value& from) {
  switch (kind) {
    case FieldSet::time: {
      if (!read_string(from, fields.timestamp)) return false;
      const auto time = parse_rfc3339(fields.timestamp);
      if (time) fields.time = *time;
      return time.has_value();
    }
    case FieldSet::service:
      return read_string(from, fields.service);
    case FieldSet::operation:
      return read_string(from, fields.operation);
    case FieldSet::container:
      return read_optional(from, fields.container);
    case FieldSet::success:
      return from.get_bool().get(fields.success) == simdjson::SUCCESS;
    case FieldSet::error:
      return read_optional(from, fields.error);
    case FieldSet::metadata:
      return read_metadata(from);
    default:
      return false;
  }
}

// Ends with the last field that is wanted: what the store holds was checked as a whole when it came
// in, so that nothing is gained by reading on.
bool EventReader::State::read(std::string_view line, FieldSet wanted) {
  fields = EventFields{};
  strings.begin(line);
  const simdjson::padded_string_view padded(line.data(), line.size(), line.size() + kChunkPadding);
  simdjson::ondemand::document document;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return false;
  simdjson::ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return false;

  FieldSet seen = FieldSet::none;
  for (auto item : object) {
    field entry;
    if (std::move(item).get(entry) != simdjson::SUCCESS) return false;
    const auto key = strings.text(parser, entry.key());
    const FieldSet kind = key ? field_named(*key) : FieldSet::none;
    if ((kind & wanted) != FieldSet::none && !read_field(kind, entry.value())) return false;
    seen = seen | kind;
    if ((seen & wanted) == wanted) return true;
  }
  constexpr FieldSet kRequired =
      FieldSet::time | FieldSet::service | FieldSet::operation | FieldSet::success;
  return (seen & wanted & kRequired) == (wanted & kRequired);
}

EventReader::EventReader() : state_(std::make_unique<State>()) {}
EventReader::~EventReader() = default;
EventReader::EventReader(EventReader&&) noexcept = default;
EventReader& EventReader::operator=(EventReader&&) noexcept = default;

const EventFields* EventReader::read(std::string_view line, FieldSet wanted) {
  return state_->read(line, wanted) ? &state_->fields : nullptr;
}

}  // namespace tally::store
