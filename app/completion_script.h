#pragma once

#include <string>

#include "app/command_tree.h"

namespace tally::app {

// Scripts that make a shell complete the program's commands and options; values and positional
// arguments are completed as file names. To be sourced, or put where the shell looks for them.

std::string write_bash_completion(const CommandEntry& program);
std::string write_zsh_completion(const CommandEntry& program);
std::string write_fish_completion(const CommandEntry& program);

}  // namespace tally::app
