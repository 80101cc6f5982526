#include "store/segment/row_selector.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tally::store {
namespace {

/// One event in so many: from there on writing only their lines saves less than it costs.
constexpr std::uint32_t kDense = 4;

using Rows = std::vector<std::uint32_t>;

Rows union_of(const Rows& a, const Rows& b) {
  Rows all;
  std::ranges::set_union(a, b, std::back_inserter(all));
  return all;
}

Rows intersection_of(const Rows& a, const Rows& b) {
  Rows both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both;
}

}  // namespace

Result<void> RowSelector::prepare() {
  for (const StringSelection& wanted : selection_->strings) {
    Alternatives possible;
    for (const std::string& text : wanted.texts) {
      TALLY_TRY(auto search, SegmentSearch::prepare(*reader_, wanted.path, text));
      if (!search.hopeless()) possible.push_back(std::move(search));
    }
    hopeless_ = hopeless_ || possible.empty();
    if (hopeless_) break;
    searches_.push_back(std::move(possible));
  }
  prepared_ = true;
  return ok();
}

Result<std::optional<Rows>> RowSelector::rows(std::size_t block) {
  const BlockEntry& entry = reader_->blocks()[block];
  if (!selection_->may_hold(entry.earliest, entry.latest)) return std::optional(Rows{});
  if (!prepared_) {
    TALLY_TRY(prepare());
  }
  if (hopeless_) return std::optional(Rows{});
  std::optional<Rows> found;
  for (Alternatives& searches : searches_) {
    TALLY_TRY(Rows more, rows_of_any(searches, block));
    found = found ? intersection_of(*found, more) : std::move(more);
    if (found->empty()) return found;
  }
  if (found && found->size() > entry.count / kDense) found.reset();
  return found;
}

Result<Rows> RowSelector::rows_of_any(Alternatives& searches, std::size_t block) {
  Rows rows;
  for (SegmentSearch& search : searches) {
    TALLY_TRY(const Rows more, search.rows(block));
    rows = union_of(rows, more);
  }
  return rows;
}

}  // namespace tally::store
