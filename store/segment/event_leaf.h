#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/provenance.h"
#include "model/sequence.h"

namespace tally::store {

/// Makes the leaves of a block's events_root: sequence, time of receipt, kind and offset of the
/// source, its names, the line. docs/format/segment.md. Not thread-safe.
class EventLeaf {
 public:
  /// The events that follow are of `run`.
  void begin_run(const Run& run);

  /// The leaf of an event, MerkleTree::kLeafPrefix included; `line` is without its LF. Valid until
  /// the next call.
  std::string_view of(Sequence sequence, std::uint64_t offset, std::string_view line);

 private:
  std::string bytes_;
  std::size_t head_bytes_ = 0;  ///< before the line
};

}  // namespace tally::store
