#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally config check|show`: validates the collector's configuration without starting it.
void add_config_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
