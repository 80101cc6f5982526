#pragma once

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/salvage/salvage_findings.h"

namespace tally::store {

/// Gives all that can be proven of a segment file, whole or in the making: blocks that come out
/// with the events_root that their header names; of others, those events all of whose parts match
/// their CRCs. Errors are those of the outlet, and of a file that says nothing at all.
Result<SalvageFindings> salvage_segment(File& file, const SalvageOptions& options,
                                        const SalvageOutlet& outlet);

}  // namespace tally::store
