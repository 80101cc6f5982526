#pragma once

#include <compare>
#include <cstdint>

#include "model/sequence.h"
#include "model/time.h"

namespace tally::query {

/// What events are ordered by: their own time, then their sequence.
struct SortKey {
  std::uint64_t time = 0;
  std::uint64_t sequence = 0;

  friend auto operator<=>(const SortKey&, const SortKey&) = default;
};

/// The key under which the oldest event comes first, or, reversed, the newest. Times before 1970
/// are not stored, so that the count of nanoseconds is never negative.
inline SortKey make_sort_key(UtcTime time, Sequence sequence, bool reverse) noexcept {
  const SortKey key{static_cast<std::uint64_t>(time.time_since_epoch().count()),
                    to_number(sequence)};
  return reverse ? SortKey{~key.time, ~key.sequence} : key;
}

}  // namespace tally::query
