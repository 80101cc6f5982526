#include "app/completion_script.h"

#include <functional>
#include <string_view>
#include <vector>

namespace tally::app {

namespace {

std::string path_of(const CommandEntry& command) {
  std::string path;
  for (const std::string& name : command.path) path += (path.empty() ? "" : " ") + name;
  return path;
}

void visit(const CommandEntry& command, const std::function<void(const CommandEntry&)>& function) {
  function(command);
  for (const CommandEntry& below : command.commands) visit(below, function);
}

// 'text' for any of the shells: fish has other rules for a backslash than the two others, so that
// quotes are left out.
std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c != '\'' && c != '\\') out += c;
  }
  return out + "'";
}

// The branch of a `case` that follows the words typed so far down to the command they name.
std::string descend(const CommandEntry& program, std::string_view variable) {
  std::string patterns;
  visit(program, [&](const CommandEntry& command) {
    if (command.path.size() == 1) return;
    patterns += (patterns.empty() ? "\"" : "|\"") + path_of(command) + "\"";
  });
  return "      " + patterns + ") " + std::string(variable) + "+=\" $word\" ;;\n";
}

std::string zsh_item(std::string_view name, std::string_view help) {
  return " " + single_quoted(std::string(name) + ":" + std::string(help));
}

std::string fish_condition(const CommandEntry& command) {
  if (command.path.size() == 1) return "__fish_use_subcommand";
  std::string condition;
  for (std::size_t i = 1; i < command.path.size(); ++i) {
    condition += (i == 1 ? "" : "; and ") + ("__fish_seen_subcommand_from " + command.path[i]);
  }
  if (command.commands.empty()) return condition;
  condition += "; and not __fish_seen_subcommand_from";
  for (const CommandEntry& below : command.commands) condition += " " + below.path.back();
  return condition;
}

std::string fish_option(const OptionEntry& option) {
  std::string out;
  for (const std::string& name : option.names) {
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return out + (option.type.empty() ? "" : " -r") + " -d " + single_quoted(option.help);
}

}  // namespace

std::string write_bash_completion(const CommandEntry& program) {
  std::string out =
      "_tally() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} path=tally word words=\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"$path $word\" in\n" +
      descend(program, "path") +
      "    esac\n"
      "  done\n"
      "  case \"$path\" in\n";
  visit(program, [&](const CommandEntry& command) {
    std::string words;
    for (const CommandEntry& below : command.commands) words += below.path.back() + " ";
    for (const OptionEntry& option : command.options) {
      for (const std::string& name : option.names) words += name + " ";
    }
    out += "    \"" + path_of(command) + "\") words=" + single_quoted(words) + " ;;\n";
  });
  return out +
         "  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -o default -F _tally tally\n";
}

std::string write_zsh_completion(const CommandEntry& program) {
  std::string out =
      "#compdef tally\n"
      "_tally() {\n"
      "  local command=tally word\n"
      "  local -a items\n"
      "  for word in ${words[2,CURRENT-1]}; do\n"
      "    case \"$command $word\" in\n" +
      descend(program, "command") +
      "    esac\n"
      "  done\n"
      "  case \"$command\" in\n";
  visit(program, [&](const CommandEntry& command) {
    std::string items;
    for (const CommandEntry& below : command.commands) {
      items += zsh_item(below.path.back(), below.help);
    }
    for (const OptionEntry& option : command.options) {
      for (const std::string& name : option.names) items += zsh_item(name, option.help);
    }
    out += "    \"" + path_of(command) + "\") items=(" + items + " ) ;;\n";
  });
  return out +
         "  esac\n"
         "  _describe -t tally tally items || _files\n"
         "}\n"
         "if [ \"$funcstack[1]\" = _tally ]; then _tally \"$@\"; else compdef _tally tally; fi\n";
}

std::string write_fish_completion(const CommandEntry& program) {
  std::string out;
  visit(program, [&](const CommandEntry& command) {
    const std::string start = "complete -c tally -n " + single_quoted(fish_condition(command));
    for (const CommandEntry& below : command.commands) {
      out += start + " -f -a " + below.path.back() + " -d " + single_quoted(below.help) + "\n";
    }
    for (const OptionEntry& option : command.options) {
      if (!option.names.empty()) out += start + fish_option(option) + "\n";
    }
  });
  return out;
}

}  // namespace tally::app
