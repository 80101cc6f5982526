#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/config_key.h"
#include "model/result.h"

namespace tally::app {

/// What a configuration file says about one key.
struct FileSetting {
  const ConfigKey* key = nullptr;
  std::vector<std::string> values;  ///< several only if the key repeats
  std::string place;                ///< "tally.toml:3:1"
};

/// Reads a TOML configuration. `[[tail]]` tables with a `path` each are the values of `tail`.
/// Errc::invalid names the place of what is no TOML, no known key (with the nearest known one) or
/// no plain value. `path` is for the messages.
Result<std::vector<FileSetting>> parse_config_file(std::string_view text, const std::string& path);

/// The same, from the file at `path`.
Result<std::vector<FileSetting>> read_config_file(const std::string& path);

}  // namespace tally::app
