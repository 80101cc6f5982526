#pragma once

#include <span>

#include "store/batch.h"
#include "store/journal/chain_state.h"
#include "store/journal/commit_header.h"

namespace tally::store {

/// Joins batches, in order, into the commit that follows `state`: neighbouring runs that differ in
/// nothing merge, and receipt times are raised to what has been committed before, so that they
/// never go back. The CRCs in `stored` start from `crc_seed`.
CommitHeader join(std::span<const Batch* const> group, const ChainState& state,
                  std::uint32_t crc_seed);

}  // namespace tally::store
