#include "app/command_tree.h"

#include <utility>

namespace tally::app {

namespace {

OptionEntry describe_option(const CLI::Option& option) {
  OptionEntry entry;
  for (const std::string& name : option.get_snames()) entry.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) entry.names.push_back("--" + name);
  if (option.get_positional()) entry.positional = option.get_name(true);
  if (option.get_items_expected_max() > 0) entry.type = option.get_type_name();
  entry.help = option.get_description();
  entry.default_value = option.get_default_str();
  entry.variable = option.get_envname();
  entry.repeats = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll ||
                  option.get_items_expected_max() > 1;
  entry.required = option.get_required();
  return entry;
}

CommandEntry describe(const CLI::App& app, std::vector<std::string> path) {
  CommandEntry entry;
  path.push_back(app.get_name());
  entry.path = path;
  entry.help = app.get_description();
  entry.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options({})) {
    if (!option->get_group().empty()) entry.options.push_back(describe_option(*option));
  }
  for (const CLI::App* command : app.get_subcommands({})) {
    entry.commands.push_back(describe(*command, path));
  }
  return entry;
}

}  // namespace

CommandEntry describe_commands(const CLI::App& root) { return describe(root, {}); }

}  // namespace tally::app
