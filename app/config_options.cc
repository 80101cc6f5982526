#include "app/config_options.h"

#include <cstdlib>

#include "app/config_key.h"

namespace tally::app {

std::shared_ptr<ConfigOptions> ConfigOptions::add(CLI::App& command) {
  auto options = std::make_shared<ConfigOptions>();
  const Config defaults;
  for (const ConfigKey& key : config_keys()) {
    // The variable is only named here: load() reads it, since it is weaker than the flag but
    // stronger than the file.
    CLI::Option* option =
        command.add_option(flag_name(key), options->values_[key.name],
                           std::string(key.help) + " (" + variable_name(key) + ")");
    option->type_name(std::string(key.type))->expected(1);
    if (key.repeats) {
      option->take_all();
    } else {
      option->take_last()->default_str(key.get(defaults).front());
    }
  }
  command.add_option("--config", options->file_, "Configuration file, TOML (TALLY_CONFIG)")
      ->type_name("FILE");
  return options;
}

Result<LoadedConfig> ConfigOptions::load() const {
  ConfigSources sources;
  sources.environment = [](const char* variable) { return std::getenv(variable); };
  sources.file = file_;
  for (const auto& [name, values] : values_) {
    if (!values.empty()) sources.flags.emplace(name, values);
  }
  return load_config(sources);
}

}  // namespace tally::app
