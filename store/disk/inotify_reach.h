#pragma once

#include "store/disk/file_system.h"

namespace tally::store {

/// Whether files in `directory` can change without inotify hearing of it, because they change from
/// outside this machine's kernel (NFS, FUSE and the like), or whether that cannot be told.
bool inotify_is_blind(const Path& directory);

}  // namespace tally::store
