#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally ship`: one sink of a store, in a process of its own.
void add_ship_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
