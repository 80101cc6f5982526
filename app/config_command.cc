#include "app/config_command.h"

#include <fmt/format.h>

#include "app/config_options.h"

namespace tally::app {

namespace {

int check_config(const ConfigOptions& options) {
  const auto loaded = options.load();
  if (!loaded) return fail(loaded.error());
  fmt::print("the configuration is good\n");
  return kExitOk;
}

int show_config(const ConfigOptions& options) {
  const auto loaded = options.load();
  if (!loaded) return fail(loaded.error());
  fmt::print("{}", describe_config(loaded.value()));
  return kExitOk;
}

}  // namespace

void add_config_command(CLI::App& root, CommandContext& context) {
  CLI::App* command = root.add_subcommand("config", "The configuration of tally serve");
  command->require_subcommand(1);
  CLI::App* check = command->add_subcommand("check", "Validate it without starting");
  check->callback([options = ConfigOptions::add(*check), &context] {
    context.exit_code = check_config(*options);
  });
  CLI::App* show =
      command->add_subcommand("show", "Print what is in effect and where each value comes from");
  show->callback([options = ConfigOptions::add(*show), &context] {
    context.exit_code = show_config(*options);
  });
}

}  // namespace tally::app
