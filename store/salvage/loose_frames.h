#pragma once

#include <cstdint>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/salvage/salvage_findings.h"

namespace tally::store {

/// Gives the events of data frames that no commit header speaks for, within `bytes` bytes from
/// `offset` on: whole zstd frames of whole lines that look like events. Nothing proves them, so
/// they are given as unverified, without sequence and provenance.
Result<void> give_loose_frames(File& file, std::uint64_t offset, std::uint64_t bytes,
                               const SalvageOutlet& outlet);

}  // namespace tally::store
