#pragma once

#include <cstdint>
#include <string>

#include "model/provenance.h"
#include "model/sequence.h"

namespace tally::store {

/// What a block's events_root says of an event is the hash of this, followed by its line without
/// the LF: sequence, time of receipt, kind and offset of the source; then its names. In two
/// pieces, because the names stay the same for a whole run. docs/format/segment.md.
void put_leaf_head(std::string& out, Sequence sequence, const Run& run, std::uint64_t offset);
void put_leaf_names(std::string& out, const Run& run);

}  // namespace tally::store
