#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally sinks`: how far each sink has got, and what an operator may want of it.
void add_sinks_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
