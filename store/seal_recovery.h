#pragma once

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/manifest/manifest_writer.h"
#include "store/paths.h"
#include "store/store_id.h"

namespace tally::store {

/// Brings what a crash left of sealing and removing to an end, and opens the manifest: files in the
/// making go, and so do journal files that are sealed and files that retention took; segments that
/// lost their record get it back. Journal files that are not sealed stay as they are. The caller
/// holds the store's lock, and has recovered the journal: its newest file is never touched.
/// Errc::corruption: the manifest is another store's.
Result<ManifestWriter> recover_segments(FileSystem& files, const StorePaths& paths,
                                        const StoreId& store);

/// Removes journal files whose events a segment holds durably.
Result<void> remove_sealed_journals(FileSystem& files, const StorePaths& paths,
                                    const Manifest& manifest);

}  // namespace tally::store
