#pragma once

#include <deque>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/salvage/block_search.h"
#include "store/salvage/salvage_findings.h"
#include "store/segment/segment_schema.h"

namespace tally::store {

/// A schema that a segment's blocks may be decoded with.
struct FoundSchema {
  SegmentSchema schema;
  /// Whether it is known to be the segment's: by the footer's hash, or because a block came out
  /// with the events_root that its header names.
  bool proven = false;
};

/// The schemas that can be read of a segment: where the footer says, in two copies; else whatever
/// behind the last block can be one. Notes damaged copies. In a deque, because decoders refer to
/// them.
Result<std::deque<FoundSchema>> search_schemas(File& file, const FoundSegment& segment,
                                               SalvageFindings& findings);

}  // namespace tally::store
