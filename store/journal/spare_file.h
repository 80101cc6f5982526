#pragma once

#include <cstdint>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/paths.h"

namespace tally::store {

/// Writes the next journal file ahead: `bytes` zeros in journal/spare, synced together with their
/// name. A spare that was there, whole or half made, is replaced. If it cannot be finished (a full
/// disk, above all) what there is of it is removed again. Takes as long as writing so much does.
Result<void> write_spare(FileSystem& files, const StorePaths& paths, std::uint64_t bytes);

/// Whether journal/spare is there, `bytes` long and unused: a rotation that a crash cut short would
/// have written a file header over its first zeros.
Result<bool> has_spare(FileSystem& files, const StorePaths& paths, std::uint64_t bytes);

}  // namespace tally::store
