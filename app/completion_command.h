#pragma once

#include "app/command.h"

namespace tally::app {

/// `tally completion bash|zsh|fish`: prints a shell's completion script.
void add_completion_command(CLI::App& root, CommandContext& context);

}  // namespace tally::app
