#include "app/man_command.h"

#include <fmt/format.h>

#include "app/command_tree.h"
#include "app/man_page.h"

namespace tally::app {

void add_man_command(CLI::App& root, CommandContext&) {
  CLI::App* command = root.add_subcommand("man", "Print the manual page: tally man | man -l -");
  command->callback([&root] { fmt::print("{}", write_man_page(describe_commands(root))); });
}

}  // namespace tally::app
