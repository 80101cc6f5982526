#pragma once

#include <CLI/App.hpp>

#include "app/command.h"

namespace tally::app {

/// Adds `reconcile` to the command `sinks`.
void add_sinks_reconcile(CLI::App& sinks, CommandContext& context);

}  // namespace tally::app
