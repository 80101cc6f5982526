#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally rejected`: lists the events that were refused, and why.
void add_rejected_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
