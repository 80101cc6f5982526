#include "ingest/event_fields.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>

#include "model/nearest_name.h"

namespace tally::ingest {
namespace {

/// Names longer than this are not compared: none of ours is near them.
constexpr std::size_t kComparableMax = 16;

/// Edits from which on a name is another word rather than a slip.
constexpr std::size_t kFarAway = 3;

}  // namespace

std::string_view to_string(Field field) noexcept {
  return field == Field::unknown ? "unknown" : kFieldNames[static_cast<std::size_t>(field)];
}

Field find_field(std::string_view name) noexcept {
  // By length first: what remains is one comparison of a length that the compiler knows.
  switch (name.size()) {
    case 5:
      return name == "error" ? Field::error : Field::unknown;
    case 7:
      if (name == "service") return Field::service;
      return name == "success" ? Field::success : Field::unknown;
    case 8:
      return name == "metadata" ? Field::metadata : Field::unknown;
    case 9:
      if (name == "timestamp") return Field::timestamp;
      if (name == "operation") return Field::operation;
      return name == "container" ? Field::container : Field::unknown;
    default:
      return Field::unknown;
  }
}

Field nearest_field(std::string_view name) {
  if (name.size() > kComparableMax) return Field::unknown;
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string_view nearest = nearest_name(lower, kFieldNames);
  return edit_distance(lower, nearest) < kFarAway ? find_field(nearest) : Field::unknown;
}

}  // namespace tally::ingest
