#pragma once

#include <re2/re2.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "query/filter.h"
#include "tests/query/random_events.h"

namespace tally::query {

/// What a filter means, said as plainly as can be: what Matcher is held against.
struct FilterModel {
  const RandomEvent& event;

  bool holds(const Filter& filter) const { return std::visit(*this, filter.node); }

  bool operator()(const AllOf& node) const {
    return std::all_of(node.parts.begin(), node.parts.end(),
                       [&](const Filter& part) { return holds(part); });
  }
  bool operator()(const AnyOf& node) const {
    return std::any_of(node.parts.begin(), node.parts.end(),
                       [&](const Filter& part) { return holds(part); });
  }
  bool operator()(const Not& node) const { return !holds(node.part.front()); }

  bool operator()(const LabelMatch& node) const {
    const std::string value = label(node.label.kind);
    switch (node.op) {
      case LabelOp::equal:
        return value == node.value;
      case LabelOp::not_equal:
        return value != node.value;
      case LabelOp::matches:
        return RE2::FullMatch(value, node.value);
      case LabelOp::not_matches:
        return !RE2::FullMatch(value, node.value);
    }
    return false;
  }

  bool operator()(const LineMatch& node) const {
    const bool is_in = event.line.find(node.value) != std::string::npos;
    switch (node.op) {
      case LineOp::contains:
        return is_in;
      case LineOp::not_contains:
        return !is_in;
      case LineOp::matches:
        return RE2::PartialMatch(event.line, node.value);
      case LineOp::not_matches:
        return !RE2::PartialMatch(event.line, node.value);
    }
    return false;
  }

  bool operator()(const TimeRange& node) const {
    return (!node.from || event.time >= *node.from) && (!node.until || event.time < *node.until);
  }

  std::string label(LabelKind kind) const {
    switch (kind) {
      case LabelKind::service:
        return event.service;
      case LabelKind::operation:
        return event.operation;
      case LabelKind::container:
        return event.container.value_or("");
      case LabelKind::success:
        return event.success ? "true" : "false";
      case LabelKind::level:
        return event.success ? "info" : "error";
      case LabelKind::metadata:
        return event.size;
      case LabelKind::error:
        return "";
    }
    return "";
  }
};

/// A tree of any shape over the values that random_events() uses.
inline Filter random_filter(std::mt19937_64& random, int depth) {
  const auto pick = [&](std::vector<std::string> values) {
    return values[random() % values.size()];
  };
  const auto kind = depth > 0 ? random() % 6 : 3 + random() % 3;
  std::vector<Filter> parts;
  for (auto i = random() % 4; kind < 2 && i > 0; --i)
    parts.push_back(random_filter(random, depth - 1));
  if (kind == 0) return all_of(std::move(parts));
  if (kind == 1) return any_of(std::move(parts));
  if (kind == 2) return negate(random_filter(random, depth - 1));
  if (kind == 3) {
    LabelMatch match;
    match.label.kind = static_cast<LabelKind>(random() % 7);
    if (match.label.kind == LabelKind::metadata) match.label.path = "size";
    match.op = static_cast<LabelOp>(random() % 4);
    match.value = pick({"web", "engine", "list", "stop", "true", "false", "", "1", "info", "error",
                        "w", "db-1", "22"});
    if (match.op >= LabelOp::matches) match.value = pick({"w.*", "web|list", "", "[0-9]+", "e.*e"});
    return Filter{match};
  }
  if (kind == 4) {
    const auto op = static_cast<LineOp>(random() % 4);
    return Filter{LineMatch{op, pick({"web", "\"x\":", "u0077", "list", "1", "true"})}};
  }
  TimeRange range;
  const auto start = parse_rfc3339("2026-01-23T00:00:00Z")->utc;
  if (random() % 2 == 0) range.from = start + std::chrono::minutes(random() % 300);
  if (random() % 2 == 0) range.until = start + std::chrono::minutes(random() % 300);
  return Filter{range};
}

}  // namespace tally::query
