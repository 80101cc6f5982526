#include "query/filter_selection.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace tally::query {
namespace {

/// The path in stored events of a label that is one of their strings. Operations are not looked up
/// by their text (store::SegmentSearch).
std::optional<std::string> path_of(const Label& label) {
  switch (label.kind) {
    case LabelKind::service:
      return "service";
    case LabelKind::container:
      return "container";
    case LabelKind::error:
      return "error";
    default:
      return std::nullopt;
  }
}

/// The string that has to be there for the part to hold; nothing if none has to. An empty value
/// fits events without the label, too.
std::optional<store::StringSelection> string_of(const Filter& part) {
  const auto* match = std::get_if<LabelMatch>(&part.node);
  if (match == nullptr || match->op != LabelOp::equal || match->value.empty()) return std::nullopt;
  auto path = path_of(match->label);
  if (!path) return std::nullopt;
  return store::StringSelection{std::move(*path), {match->value}};
}

/// Of alternatives that are all strings of one path.
std::optional<store::StringSelection> string_of(const AnyOf& any) {
  std::optional<store::StringSelection> all;
  for (const Filter& part : any.parts) {
    auto one = string_of(part);
    if (!one || (all && all->path != one->path)) return std::nullopt;
    if (all) {
      all->texts.push_back(std::move(one->texts.front()));
    } else {
      all = std::move(one);
    }
  }
  return all;
}

void add(store::Selection& selection, const Filter& filter) {
  if (const auto* all = std::get_if<AllOf>(&filter.node)) {
    for (const Filter& part : all->parts) add(selection, part);
    return;
  }
  if (const auto* range = std::get_if<TimeRange>(&filter.node)) {
    if (range->from) selection.from = std::max(selection.from, range->from);
    if (range->until) {
      selection.until = selection.until ? std::min(selection.until, range->until) : range->until;
    }
    return;
  }
  const auto* any = std::get_if<AnyOf>(&filter.node);
  if (auto string = any != nullptr ? string_of(*any) : string_of(filter)) {
    selection.strings.push_back(std::move(*string));
  }
}

}  // namespace

store::Selection selection_of(const Filter& filter) {
  store::Selection selection;
  add(selection, filter);
  return selection;
}

}  // namespace tally::query
