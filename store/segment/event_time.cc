#include "store/segment/event_time.h"

#include <simdjson.h>

namespace tally::store {

std::optional<UtcTime> stated_time(std::string_view line) {
  namespace json = simdjson::ondemand;
  const simdjson::padded_string padded(line);
  json::parser parser;
  json::document document;
  json::object event;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return std::nullopt;
  if (document.get_object().get(event) != simdjson::SUCCESS) return std::nullopt;
  for (auto member : event) {
    std::string_view name;
    std::string_view text;
    if (member.unescaped_key().get(name) != simdjson::SUCCESS) return std::nullopt;
    if (name != "timestamp") continue;
    if (member.value().get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    const auto time = parse_rfc3339(text);
    return time ? std::optional(time->utc) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace tally::store
