#include "app/command.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace tally::app {

namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

std::size_t window_columns() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

Terminal inspect_terminal() {
  Terminal terminal;
  terminal.input = isatty(STDIN_FILENO) == 1;
  terminal.output = isatty(STDOUT_FILENO) == 1;
  terminal.errors = isatty(STDERR_FILENO) == 1;
  const char* kind = std::getenv("TERM");
  const bool dumb = kind == nullptr || std::string_view(kind) == "dumb";
  terminal.colours = terminal.output && !dumb && !is_set("NO_COLOR");
  if (terminal.output) terminal.columns = window_columns();
  return terminal;
}

CLI::Option* add_data_option(CLI::App& command, std::string& data) {
  data = "./tally-data";
  return command.add_option("--data", data, "The store's directory")
      ->type_name("DIR")
      ->envname("TALLY_DATA")
      ->capture_default_str();
}

CLI::Option* add_url_option(CLI::App& command, std::string& url) {
  return command.add_option("--url", url, "The running collector, such as http://127.0.0.1:7514")
      ->type_name("URL")
      ->envname("TALLY_URL");
}

bool given_as_flag(const CLI::Option& option) {
  if (option.count() == 0) return false;
  const char* variable = std::getenv(option.get_envname().c_str());
  return variable == nullptr || option.as<std::string>() != variable;
}

CLI::Option* add_utc_option(CLI::App& command, bool& utc) {
  return command.add_flag("--utc", utc, "Read and show times in UTC, not in the local zone");
}

int fail(std::string_view message) {
  std::string line = "tally: ";
  line += message;
  line += '\n';
  std::fputs(line.c_str(), stderr);
  return kExitError;
}

int fail(const Error& error) { return fail(error.context); }

// CLI11's own check would name the largest double as the other end of the range.
std::string refuse_zero(const std::string& value) {
  return value.find_first_not_of('0') == std::string::npos ? "must be at least 1" : "";
}

}  // namespace tally::app
