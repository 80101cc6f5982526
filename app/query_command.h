#pragma once

#include <CLI/App.hpp>

#include "app/command.h"

namespace tally::app {

/// `tally query`: finds events and shows them.
void add_query_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
