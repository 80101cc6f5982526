#pragma once

#include <string>

#include "model/result.h"

namespace tally::kafka {

/// What the file holds, without a line end behind it: a password, a key. Errc::invalid where it
/// cannot be read, is over 64 KiB, or others than its owner and group may read it; the message
/// never has anything of what it holds.
Result<std::string> read_property_file(const std::string& path);

}  // namespace tally::kafka
