#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/journal/journal_reader.h"
#include "store/paths.h"
#include "store/store_listing.h"

namespace tally::store {

/// Where the journal file `number` ends: what the next file behind it says that can be read, or
/// nothing where there is none. Journal files whose headers are damaged are passed over, and their
/// numbers added to `damaged`. Errc::not_found: a file has been sealed since it was listed.
Result<std::optional<JournalCut>> find_journal_cut(FileSystem& files, const StorePaths& paths,
                                                   const StoreListing& listing,
                                                   std::uint64_t number,
                                                   std::vector<std::uint64_t>& damaged);

}  // namespace tally::store
