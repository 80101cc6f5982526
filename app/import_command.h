#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally import`: loads files of events into a store or a collector.
void add_import_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
