#include "app/man_page.h"

#include <string_view>

#include "app/version.h"

namespace tally::app {

namespace {

// Text that roff shows as it is.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

void append_option(std::string& out, const OptionEntry& option) {
  out += ".TP\n";
  if (option.names.empty()) {
    out += "\\fI" + roff(option.positional) + "\\fR";
  } else {
    out += "\\fB" + roff(joined(option.names, ", ")) + "\\fR";
    if (!option.type.empty()) out += " \\fI" + roff(option.type) + "\\fR";
  }
  out += option.repeats ? " ...\n" : "\n";
  out += roff(option.help) + ".\n";
  if (!option.default_value.empty()) out += "Default: " + roff(option.default_value) + ".\n";
  if (!option.variable.empty()) out += "Environment: " + roff(option.variable) + ".\n";
  if (option.required) out += "Required.\n";
}

void append_command(std::string& out, const CommandEntry& command) {
  out += ".SS " + roff(joined(command.path, " ")) + "\n" + roff(command.help) + ".\n";
  for (const OptionEntry& option : command.options) append_option(out, option);
  if (!command.footer.empty()) out += ".PP\n.nf\n" + roff(command.footer) + "\n.fi\n";
  for (const CommandEntry& below : command.commands) append_command(out, below);
}

}  // namespace

std::string write_man_page(const CommandEntry& program) {
  std::string out = ".TH TALLY 1 \"\" \"Tally " + std::string(kVersion) + "\"\n";
  out += ".SH NAME\ntally \\- " + roff(program.help) + "\n";
  out += ".SH SYNOPSIS\n.B tally\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n";
  out += ".SH OPTIONS\n";
  for (const OptionEntry& option : program.options) append_option(out, option);
  out += ".SH COMMANDS\n";
  for (const CommandEntry& command : program.commands) append_command(out, command);
  return out;
}

}  // namespace tally::app
