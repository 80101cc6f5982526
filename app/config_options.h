#pragma once

#include <CLI/App.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/config_loader.h"
#include "model/result.h"

namespace tally::app {

/// The flags of a command that takes the collector's whole configuration: one per ConfigKey, and
/// --config FILE.
class ConfigOptions {
 public:
  /// Adds the flags to `command`, which must not outlive what it returns.
  static std::shared_ptr<ConfigOptions> add(CLI::App& command);

  /// The configuration from flags, environment and file. Errors name the source.
  Result<LoadedConfig> load() const;

 private:
  std::string file_;
  std::map<std::string_view, std::vector<std::string>> values_;  ///< by name of the key
};

}  // namespace tally::app
