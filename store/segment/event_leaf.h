#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/provenance.h"
#include "model/sequence.h"
#include "store/disk/sha256_piece.h"

namespace tally::store {

/// Makes the leaves of a block's events_root: sequence, time of receipt, kind and offset of the
/// source, its names, the line. docs/format/segment.md. Not thread-safe.
class EventLeaf {
 public:
  /// The events that follow are of `run`.
  void begin_run(const Run& run);

  /// The hash of an event's leaf; `line` is without its LF.
  Sha256 hash(Sequence sequence, std::uint64_t offset, std::string_view line);

 private:
  Sha256Piece bytes_;
  std::size_t head_bytes_ = 0;  ///< before the line
};

}  // namespace tally::store
