#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/result.h"
#include "store/segment/segment_reader.h"
#include "store/segment/segment_search.h"
#include "store/selection.h"

namespace tally::store {

/// Finds the events of a segment that a selection can mean. Not thread-safe; reader and selection
/// must outlive it, and the reader serves nobody else meanwhile.
class RowSelector {
 public:
  RowSelector(SegmentReader& reader, const Selection& selection)
      : reader_(&reader), selection_(&selection) {}

  /// The rows of a block, in ascending order; nothing: all of them, or so many that it is faster to
  /// read the block as a whole. Errc::corruption: what is needed to tell is damaged.
  Result<std::optional<std::vector<std::uint32_t>>> rows(std::size_t block);

 private:
  using Alternatives = std::vector<SegmentSearch>;

  Result<void> prepare();
  Result<std::vector<std::uint32_t>> rows_of_any(Alternatives& searches, std::size_t block);

  SegmentReader* reader_;
  const Selection* selection_;
  bool prepared_ = false;
  bool hopeless_ = false;
  std::vector<Alternatives> searches_;  ///< one for each string that has to be there
};

}  // namespace tally::store
