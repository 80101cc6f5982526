#pragma once

#include <cstdint>

#include "store/manifest/manifest.h"

namespace tally::tests {

/// What a manifest says of a segment with that number: the same on every call.
store::SegmentSummary sample_segment(std::uint64_t number);

/// A manifest with so many segments, whose numbers have gaps, and something removed before them.
store::Manifest sample_manifest(std::uint64_t segments);

}  // namespace tally::tests
