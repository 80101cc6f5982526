#include "app/config_file.h"

#include <toml++/toml.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include "model/nearest_name.h"

namespace tally::app {

namespace {

std::string place_of(const std::string& path, const toml::source_region& region) {
  return path + ":" + std::to_string(region.begin.line) + ":" + std::to_string(region.begin.column);
}

Error error_at(const std::string& place, const std::string& what) {
  return {Errc::invalid, place + ": " + what};
}

Error unknown_key(const std::string& place, const std::string& name) {
  std::vector<std::string_view> known;
  for (const ConfigKey& key : config_keys()) known.push_back(key.name);
  return error_at(place, "there is no key \"" + name + "\"; the nearest is \"" +
                             std::string(nearest_name(name, known)) + "\"");
}

// Walks a parsed file and gathers what it sets.
class SettingsReader {
 public:
  explicit SettingsReader(std::string path) : path_(std::move(path)) {}

  Result<std::vector<FileSetting>> read(const toml::table& root) {
    TALLY_TRY(read_table(root, ""));
    return std::move(settings_);
  }

 private:
  Result<void> read_table(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string(key.str());
      const std::string place = place_of(path_, key.source());
      if (const ConfigKey* known = find_config_key(name)) {
        settings_.push_back({known, {}, place});
        TALLY_TRY(read_values(node));
      } else if (node.is_table() && is_section(name)) {
        TALLY_TRY(read_table(*node.as_table(), name + "."));
      } else {
        return unknown_key(place, name);
      }
    }
    return ok();
  }

  static bool is_section(const std::string& name) {
    for (const ConfigKey& key : config_keys()) {
      if (key.name.starts_with(name + ".")) return true;
    }
    return false;
  }

  // The values of the setting that was added last.
  Result<void> read_values(const toml::node& node) {
    FileSetting& setting = settings_.back();
    const toml::array* list = node.as_array();
    if (list == nullptr || !setting.key->repeats) return read_value(node);
    for (const toml::node& element : *list) {
      const toml::table* table = element.as_table();
      TALLY_TRY(table == nullptr ? read_value(element) : read_path(*table));
    }
    return ok();
  }

  // A [[tail]] table.
  Result<void> read_path(const toml::table& table) {
    const FileSetting& setting = settings_.back();
    for (const auto& [key, node] : table) {
      if (key.str() == "path") continue;
      return error_at(place_of(path_, key.source()), "[[" + std::string(setting.key->name) +
                                                         "]] knows \"path\" only, not \"" +
                                                         std::string(key.str()) + "\"");
    }
    const toml::node* path = table.get("path");
    if (path != nullptr) return read_value(*path);
    return error_at(place_of(path_, table.source()), "\"path\" is missing");
  }

  Result<void> read_value(const toml::node& node) {
    FileSetting& setting = settings_.back();
    if (const auto* text = node.as_string()) {
      setting.values.push_back(text->get());
    } else if (const auto* number = node.as_integer()) {
      setting.values.push_back(std::to_string(number->get()));
    } else {
      return error_at(place_of(path_, node.source()),
                      std::string(setting.key->name) + " wants " +
                          (setting.key->repeats ? "a list of texts" : "a text or a whole number"));
    }
    return ok();
  }

  const std::string path_;
  std::vector<FileSetting> settings_;
};

}  // namespace

Result<std::vector<FileSetting>> parse_config_file(std::string_view text, const std::string& path) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    return error_at(place_of(path, parsed.error().source()),
                    std::string(parsed.error().description()));
  }
  return SettingsReader(path).read(parsed.table());
}

Result<std::vector<FileSetting>> read_config_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return errno_error(errno, "read the configuration file " + path);
  return parse_config_file(text, path);
}

}  // namespace tally::app
