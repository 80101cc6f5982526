#pragma once

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/salvage/salvage_findings.h"

namespace tally::store {

/// Gives the refused events of each pack of a file in rejected/ whose CRC is right, whatever stands
/// between the packs. Errors are those of the outlet, and of a file that says nothing at all.
Result<SalvageFindings> salvage_rejected(File& file, const SalvageOutlet& outlet);

}  // namespace tally::store
