#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally seal`: turns the journal into a segment now, here or in the collector.
void add_seal_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
