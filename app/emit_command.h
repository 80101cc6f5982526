#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally emit`: reports one event, as logger(1) does for syslog.
void add_emit_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
