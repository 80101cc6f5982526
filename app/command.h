#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "model/clock.h"
#include "model/result.h"
#include "store/disk/file_system.h"

namespace tally::app {

// The pattern of a subcommand, `tally NAME`: app/NAME_command.{h,cc} with one public function,
//
//   void add_NAME_command(CLI::App& root, CommandContext& context);
//
// which adds the subcommand with its options and gives it a callback. The options live in a struct
// of the .cc that the callback owns:
//
//   auto options = std::make_shared<NameOptions>();
//   CLI::App* command = root.add_subcommand("NAME", "One line that --help shows");
//   add_data_option(*command, options->data);
//   command->callback([options, &context] { context.exit_code = run(*options, context); });
//
// run() throws nothing: it reports by fail() and returns the exit code.

/// Exit codes of every command unless its help says otherwise; of query and count as ripgrep's.
inline constexpr int kExitOk = 0;      ///< done; something was found
inline constexpr int kExitPartly = 1;  ///< done, but nothing was found, or something was refused
inline constexpr int kExitError = 2;   ///< not done; usage errors too

/// What the program's three standard streams are.
struct Terminal {
  bool input = false;        ///< stdin is a terminal
  bool output = false;       ///< stdout is a terminal
  bool errors = false;       ///< stderr is a terminal: progress may be shown there
  bool colours = false;      ///< stdout may have colours: a terminal, and NO_COLOR is not set
  std::size_t columns = 80;  ///< of the terminal
};

/// Looks at the standard streams, NO_COLOR, TERM and the window's size.
Terminal inspect_terminal();

/// What a command gets from main; must outlive the parse. One thread.
struct CommandContext {
  const Clock& clock;
  store::FileSystem& files;
  Terminal terminal;
  int exit_code = kExitOk;  ///< set by the callback of the command that ran
};

/// `--data DIR`, else TALLY_DATA, else ./tally-data: the store to read or write directly.
CLI::Option* add_data_option(CLI::App& command, std::string& data);

/// `--url URL`, else TALLY_URL: the running collector to talk to.
CLI::Option* add_url_option(CLI::App& command, std::string& url);

/// Whether the option stands on the command line, as opposed to its environment variable.
bool given_as_flag(const CLI::Option& option);

/// `--utc`: times are read and shown in UTC, not in the local zone.
CLI::Option* add_utc_option(CLI::App& command, bool& utc);

/// A check for options that count something: what is wrong with the value, if it is 0.
std::string refuse_zero(const std::string& value);

/// Prints "tally: what went wrong" to stderr; returns kExitError.
int fail(std::string_view message);
int fail(const Error& error);

}  // namespace tally::app
