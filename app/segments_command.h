#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally segments`: lists the segments.
void add_segments_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
