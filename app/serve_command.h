#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally serve`: the collector.
void add_serve_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
