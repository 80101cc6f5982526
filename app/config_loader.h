#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "app/config_key.h"
#include "model/result.h"

namespace tally::app {

/// The sources of a configuration that are not the file itself.
struct ConfigSources {
  std::map<std::string_view, std::vector<std::string>>
      flags;  ///< by name of the key; set ones only
  std::function<const char*(const char* variable)> environment;  ///< as std::getenv
  std::string file;  ///< path of the TOML file; empty: TALLY_CONFIG, and if that is not set, none
};

/// The effective configuration and where each value comes from.
struct LoadedConfig {
  Config config;
  std::map<std::string_view, std::string>
      origins;  ///< by name of the key: "default", "--listen", …
};

/// Puts the configuration together: flag > environment > file > default. Every value of every
/// source is checked, even one that a stronger source overrides. Errors name the source.
Result<LoadedConfig> load_config(const ConfigSources& sources);

/// The effective configuration as TOML that can be used as a file; comments name the origins.
std::string describe_config(const LoadedConfig& loaded);

}  // namespace tally::app
