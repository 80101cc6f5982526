#pragma once

#include <string>

#include "store/store.h"

namespace tally::app {

/// What is damaged, where, and which events that costs, as a sentence for logs and terminals:
/// "FILE: 20 bytes at offset 300 are not what was written; events 7 to 9 are lost".
std::string damage_text(const store::CorruptRange& range);

/// What to do about it.
inline constexpr const char* kSalvageHint =
    "keep the damaged files, and extract what they still hold with: tally salvage PATH -o DIR";

}  // namespace tally::app
