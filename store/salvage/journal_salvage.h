#pragma once

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/salvage/salvage_findings.h"

namespace tally::store {

/// Gives all that can be proven of a journal file, in the order of the file: the frames that the
/// SHA-256 in a good commit header vouches for, whatever became of the frames and commits around
/// them, and of the file's header. What a newer file takes back (docs/format/journal.md) is given
/// too. Errors are those of the outlet, and of a file that says nothing at all.
Result<SalvageFindings> salvage_journal(File& file, const Path& path, const SalvageOptions& options,
                                        const SalvageOutlet& outlet);

}  // namespace tally::store
