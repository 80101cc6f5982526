#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace tally::app {

/// An option of a command, as help, manual and completion show it.
struct OptionEntry {
  std::vector<std::string> names;  ///< "-o", "--output"; empty for a positional one
  std::string positional;          ///< "FILE"
  std::string type;                ///< "DIR"; empty for a flag
  std::string help;
  std::string default_value;
  std::string variable;  ///< "TALLY_DATA"
  bool repeats = false;
  bool required = false;
};

/// A command with what is below it.
struct CommandEntry {
  std::vector<std::string> path;  ///< "tally", "config", "show"
  std::string help;
  std::string footer;
  std::vector<OptionEntry> options;
  std::vector<CommandEntry> commands;
};

/// The commands below `root` as plain data, from which manual and completion are made.
CommandEntry describe_commands(const CLI::App& root);

}  // namespace tally::app
