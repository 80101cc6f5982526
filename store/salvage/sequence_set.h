#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model/sequence.h"

namespace tally::store {

/// Sequences from `first` up to, but without, `end`.
struct SequenceRange {
  Sequence first{};
  Sequence end{};

  friend bool operator==(const SequenceRange&, const SequenceRange&) = default;
};

/// A set of sequences, kept as ranges. Not thread-safe.
class SequenceSet {
 public:
  /// Adds the range. Returns those parts of it that were not in the set, ascending.
  std::vector<SequenceRange> add(const SequenceRange& range);

  /// The parts of the range that are not in the set, ascending.
  std::vector<SequenceRange> missing(const SequenceRange& range) const;

  bool empty() const noexcept { return ranges_.empty(); }
  /// From the smallest to the largest; the set must not be empty.
  SequenceRange span() const { return {ranges_.begin()->first, ranges_.rbegin()->second}; }

 private:
  std::map<Sequence, Sequence> ranges_;  ///< first to end; neither touching nor overlapping
};

}  // namespace tally::store
