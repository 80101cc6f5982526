#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <csignal>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "app/command.h"
#include "app/completion_command.h"
#include "app/config_command.h"
#include "app/count_command.h"
#include "app/emit_command.h"
#include "app/import_command.h"
#include "app/logging.h"
#include "app/man_command.h"
#include "app/query_command.h"
#include "app/rejected_command.h"
#include "app/salvage_command.h"
#include "app/seal_command.h"
#include "app/segments_command.h"
#include "app/serve_command.h"
#include "app/ship_command.h"
#include "app/sinks_command.h"
#include "app/version.h"
#include "model/clock.h"
#include "model/nearest_name.h"
#include "store/disk/posix_file_system.h"

namespace tally::app {

namespace {

void add_commands(CLI::App& root, CommandContext& context) {
  root.require_subcommand(1);
  root.set_version_flag("--version", "tally " + std::string(kVersion));
  add_serve_command(root, context);
  add_query_command(root, context);
  add_count_command(root, context);
  add_emit_command(root, context);
  add_import_command(root, context);
  add_rejected_command(root, context);
  add_segments_command(root, context);
  add_seal_command(root, context);
  add_salvage_command(root, context);
  add_ship_command(root, context);
  add_sinks_command(root, context);
  add_config_command(root, context);
  add_completion_command(root, context);
  add_man_command(root, context);
}

// "there is no command …" where the first argument was meant to be one; else empty.
std::string unknown_command(const CLI::App& root, int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "-";
  std::vector<std::string> names;
  for (const CLI::App* command : root.get_subcommands({})) names.push_back(command->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  if (name.starts_with('-') || std::ranges::find(known, name) != known.end()) return {};
  return "there is no command \"" + name + "\"; the nearest is \"" +
         std::string(nearest_name(name, known)) + "\"; tally --help lists them";
}

int run(int argc, char** argv) {
  // A reader that goes away is an error of write(), not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  const SystemClock clock;
  store::PosixFileSystem files;
  CommandContext context{clock, files, inspect_terminal()};
  // What a command that opens a store has to say; serve sets the log up as configured.
  set_up_logging(LogLevel::warn, LogFormat::text, context.terminal.errors);

  CLI::App root("the audit log of container operations", "tally");
  add_commands(root, context);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const std::string unknown = unknown_command(root, argc, argv);
    if (!unknown.empty()) return fail(unknown);
    return root.exit(error) == 0 ? kExitOk : kExitError;
  } catch (const std::exception& error) {
    return fail(error.what());
  }
  return context.exit_code;
}

}  // namespace
}  // namespace tally::app

int main(int argc, char** argv) { return tally::app::run(argc, argv); }
