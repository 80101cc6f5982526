#pragma once

#include <cstdint>

#include "store/disk/file_system.h"
#include "store/segment/segment_summary.h"
#include "tests/support/promised_events.h"

namespace tally::tests {

/// Turns bits of a byte over, durably; a second call mends it.
void flip_bits(store::FileSystem& files, const store::Path& path, std::uint64_t at, char mask);

/// Reads a store that is damaged in one segment: what a reader does not get, it is told of, and
/// lies within that segment; all else is what was promised. Fails the test on a difference.
void expect_no_more_lost(store::FileSystem& files, const store::Path& directory,
                         const Promises& promises, const store::SegmentSummary& segment);

}  // namespace tally::tests
