#pragma once

#include <CLI/App.hpp>

#include "app/command.h"

namespace tally::app {

/// `tally count`: counts events by fields and time.
void add_count_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
