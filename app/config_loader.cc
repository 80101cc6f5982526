#include "app/config_loader.h"

#include <algorithm>
#include <utility>

#include "app/config_file.h"
#include "model/json_text.h"

namespace tally::app {

namespace {

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t comma = text.find(','); comma != std::string_view::npos;
       comma = text.find(',')) {
    parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma + 1);
  }
  parts.emplace_back(text);
  return parts;
}

Result<void> apply(LoadedConfig& loaded, const ConfigKey& key,
                   const std::vector<std::string>& values, const std::string& origin) {
  if (key.repeats) key.clear(loaded.config);
  for (const std::string& value : values) {
    const Result<void> set = key.set(loaded.config, value);
    if (!set) {
      return Error{set.error().code,
                   origin + ": " + std::string(key.name) + ": " + set.error().context};
    }
  }
  loaded.origins[key.name] = origin;
  return ok();
}

// A quoted TOML text; what JSON escapes is escaped alike in TOML.
std::string toml_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace

Result<LoadedConfig> load_config(const ConfigSources& sources) {
  LoadedConfig loaded;
  for (const ConfigKey& key : config_keys()) loaded.origins[key.name] = "default";

  std::string file = sources.file;
  const char* file_variable = sources.environment("TALLY_CONFIG");
  if (file.empty() && file_variable != nullptr) file = file_variable;
  if (!file.empty()) {
    TALLY_TRY(const auto settings, read_config_file(file));
    for (const FileSetting& setting : settings) {
      TALLY_TRY(apply(loaded, *setting.key, setting.values, setting.place));
    }
  }
  for (const ConfigKey& key : config_keys()) {
    const std::string variable = variable_name(key);
    const char* value = sources.environment(variable.c_str());
    if (value == nullptr || *value == '\0') continue;
    const auto values = key.repeats ? split_at_commas(value) : std::vector<std::string>{value};
    TALLY_TRY(apply(loaded, key, values, variable));
  }
  for (const ConfigKey& key : config_keys()) {
    const auto flag = sources.flags.find(key.name);
    if (flag != sources.flags.end()) {
      TALLY_TRY(apply(loaded, key, flag->second, flag_name(key)));
    }
  }
  return loaded;
}

std::string describe_config(const LoadedConfig& loaded) {
  std::string out;
  for (const ConfigKey& key : config_keys()) {
    std::string value;
    for (const std::string& text : key.get(loaded.config)) {
      value += (value.empty() ? "" : ", ") + toml_text(text);
    }
    std::string line = std::string(key.name) + " = ";
    line += key.repeats ? "[" + value + "]" : value;
    line.resize(std::max<std::size_t>(line.size(), 44), ' ');
    out += line + "  # " + loaded.origins.at(key.name) + "\n";
  }
  return out;
}

}  // namespace tally::app
