#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "model/result.h"

namespace tally::app {

/// A knob of Config: one row of the table from which flags, environment variables, keys of the
/// configuration file, `config show` and --help are made.
struct ConfigKey {
  std::string_view name;  ///< in the file: "log.level"
  std::string_view type;  ///< in --help: "LEVEL"
  std::string_view help;
  bool repeats = false;  ///< takes a list; each value is given to `set` in turn, on an empty list

  /// Reads one value into the config. Errc::invalid says what was expected, without the key's name.
  Result<void> (*set)(Config& config, std::string_view value);

  /// The values as `set` reads them: exactly one unless the key repeats.
  std::vector<std::string> (*get)(const Config& config);

  /// Empties a key that repeats, before a stronger source sets it.
  void (*clear)(Config& config) = nullptr;
};

/// All of them, in the order of `config show`.
std::span<const ConfigKey> config_keys();

/// The key of that name, or null.
const ConfigKey* find_config_key(std::string_view name);

/// "log.level" -> "--log-level"
std::string flag_name(const ConfigKey& key);

/// "log.level" -> "TALLY_LOG_LEVEL"; of a key that repeats the variable holds the values with
/// commas between.
std::string variable_name(const ConfigKey& key);

}  // namespace tally::app
