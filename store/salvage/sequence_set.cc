#include "store/salvage/sequence_set.h"

#include <algorithm>
#include <iterator>

namespace tally::store {

std::vector<SequenceRange> SequenceSet::add(const SequenceRange& range) {
  auto added = missing(range);
  if (range.end <= range.first) return added;
  SequenceRange joined = range;
  auto at = ranges_.upper_bound(range.first);
  if (at != ranges_.begin() && std::prev(at)->second >= range.first) --at;
  while (at != ranges_.end() && at->first <= range.end) {
    joined = {std::min(joined.first, at->first), std::max(joined.end, at->second)};
    at = ranges_.erase(at);
  }
  ranges_.emplace(joined.first, joined.end);
  return added;
}

std::vector<SequenceRange> SequenceSet::missing(const SequenceRange& range) const {
  std::vector<SequenceRange> holes;
  Sequence from = range.first;
  auto at = ranges_.upper_bound(range.first);
  if (at != ranges_.begin()) from = std::max(from, std::prev(at)->second);
  for (; at != ranges_.end() && at->first < range.end; ++at) {
    if (from < at->first) holes.push_back({from, at->first});
    from = at->second;
  }
  if (from < range.end) holes.push_back({from, range.end});
  return holes;
}

}  // namespace tally::store
