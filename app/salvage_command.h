#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally salvage`: extracts what can be proven from damaged stores and files.
void add_salvage_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
