#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/time.h"
#include "query/label.h"

namespace tally::query {

enum class LabelOp : std::uint8_t {
  equal,
  not_equal,
  matches,  ///< a regular expression (RE2) that fits the whole value
  not_matches,
};

/// A test of one label: `service="web"`, `container=~"db-.*"`.
struct LabelMatch {
  Label label;
  LabelOp op = LabelOp::equal;
  std::string value;
};

enum class LineOp : std::uint8_t {
  contains,
  not_contains,
  matches,  ///< a regular expression (RE2) that fits somewhere in the line
  not_matches,
};

/// A test of the event's bytes as they are stored; upper and lower case differ.
struct LineMatch {
  LineOp op = LineOp::contains;
  std::string value;
};

/// The event's own time lies in [from, until); an end that is not given is open.
struct TimeRange {
  std::optional<UtcTime> from;
  std::optional<UtcTime> until;
};

struct Filter;

/// Every part holds; without parts: always.
struct AllOf {
  std::vector<Filter> parts;
};

/// At least one part holds; without parts: never.
struct AnyOf {
  std::vector<Filter> parts;
};

/// The one part does not hold.
struct Not {
  std::vector<Filter> part;
};

/// Which events are asked for, as a tree that any front end (flags, a query language) can build. A
/// plain value; Matcher makes it fast.
struct Filter {
  std::variant<AllOf, AnyOf, Not, LabelMatch, LineMatch, TimeRange> node;
};

/// Shorthand to build trees with.
Filter all_of(std::vector<Filter> parts);
Filter any_of(std::vector<Filter> parts);
Filter negate(Filter part);

}  // namespace tally::query
