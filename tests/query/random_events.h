#pragma once

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "model/time.h"

namespace tally::query {

/// An event of a test with the fields that its line spells out.
struct RandomEvent {
  std::string line;
  UtcTime time{};
  std::string service;
  std::string operation;
  std::optional<std::string> container;
  bool success = false;
  std::string size;  ///< metadata.size; empty: none
};

/// Events with few different values, so that filters hit, in varying spellings: key order, spaces,
/// escapes.
inline std::vector<RandomEvent> random_events(std::mt19937_64& random, std::size_t count) {
  const auto pick = [&](std::initializer_list<const char*> values) {
    return std::string(*(values.begin() + static_cast<std::ptrdiff_t>(random() % values.size())));
  };
  const auto spelled = [&](std::string text) {
    if (random() % 4 == 0 && text[0] == 'w') text = "\\u0077" + text.substr(1);
    return "\"" + text + "\"";
  };
  std::vector<RandomEvent> events(count);
  for (RandomEvent& event : events) {
    event.time = parse_rfc3339("2026-01-23T00:00:00Z")->utc + std::chrono::minutes(random() % 300);
    event.service = pick({"web", "engine", "wheel", "true"});
    event.operation = pick({"list", "stop", "false"});
    event.success = random() % 3 != 0;
    if (random() % 2 == 0) event.container = pick({"", "web", "db-1"});
    if (random() % 2 == 0) event.size = pick({"1", "22", "w"});
    const std::string gap = random() % 2 == 0 ? " " : "";
    std::string line = "{\"service\":" + gap + spelled(event.service);
    if (event.container) line += "," + gap + "\"container\":" + spelled(*event.container);
    if (!event.container && random() % 2 == 0) line += ",\"container\":null";
    if (!event.size.empty()) {
      line += ",\"metadata\":{\"x\":[1],\"size\":" + gap;
      line += event.size == "w" ? spelled(event.size) : event.size;
      line += "}";
    }
    line += ",\"success\":" + std::string(event.success ? "true" : "false");
    line += ",\"timestamp\":\"" + format_rfc3339(event.time, std::chrono::minutes(60)) + "\"";
    event.line = line + ",\"operation\":\"" + event.operation + "\"}";
  }
  return events;
}

}  // namespace tally::query
