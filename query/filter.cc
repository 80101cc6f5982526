#include "query/filter.h"

#include <utility>

namespace tally::query {

Filter all_of(std::vector<Filter> parts) { return Filter{AllOf{std::move(parts)}}; }

Filter any_of(std::vector<Filter> parts) { return Filter{AnyOf{std::move(parts)}}; }

Filter negate(Filter part) {
  Not node;
  node.part.push_back(std::move(part));
  return Filter{std::move(node)};
}

}  // namespace tally::query
