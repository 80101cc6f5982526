#pragma once

#include "store/batch.h"
#include "store/cursor.h"
#include "store/disk/sha256.h"

namespace tally::store {

/// What the header of a block with these events, all of them and with their provenance, says as
/// events_root: equal roots mean equal events, byte for byte. docs/format/segment.md.
Sha256 events_root(const Chunk& chunk);

}  // namespace tally::store
