#include "app/completion_command.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>

#include "app/command_tree.h"
#include "app/completion_script.h"

namespace tally::app {

void add_completion_command(CLI::App& root, CommandContext&) {
  using Writer = std::string (*)(const CommandEntry&);
  static const std::map<std::string, Writer> kWriters = {{"bash", write_bash_completion},
                                                         {"zsh", write_zsh_completion},
                                                         {"fish", write_fish_completion}};
  auto shell = std::make_shared<std::string>();
  CLI::App* command = root.add_subcommand(
      "completion", "Print a script for the shell: source <(tally completion bash)");
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember(kWriters));
  command->callback(
      [shell, &root] { fmt::print("{}", kWriters.at(*shell)(describe_commands(root))); });
}

}  // namespace tally::app
