#pragma once

#include <string>

#include "app/command_tree.h"

namespace tally::app {

/// The manual page tally(1) as roff with man macros.
std::string write_man_page(const CommandEntry& program);

}  // namespace tally::app
