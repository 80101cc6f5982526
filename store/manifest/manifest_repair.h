#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/manifest/manifest.h"
#include "store/paths.h"

namespace tally::store {

/// Adds to `manifest` what it does not name: every segment file whose number was neither removed
/// nor is among `journals`, from its own footer. (With its journal file there, it is unfinished.) A
/// manifest that names no store takes the first segment's word for it; segments of other stores are
/// left out. Returns the numbers of the files that are no whole segments of this store.
Result<std::vector<std::uint64_t>> adopt_unlisted(FileSystem& files, const StorePaths& paths,
                                                  std::span<const std::uint64_t> journals,
                                                  Manifest& manifest);

}  // namespace tally::store
