#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally man`: prints the manual page, made from the same source as --help.
void add_man_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
