#pragma once

#include <sys/types.h>

#include <string>

#include "store/disk/file_system.h"

namespace tally::ingest {

/// Why the user `reader` cannot read the file, and what helps: names the file (or the directory on
/// the way to it that stops him), its owner, group and mode, and the command that lets him in.
std::string explain_unreadable(const store::Path& path, uid_t reader);

}  // namespace tally::ingest
