#include "store/event/metadata_reader.h"

#include <simdjson.h>

#include <vector>

#include "store/cursor.h"
#include "store/event/json_strings.h"

namespace tally::store {
namespace {

using simdjson::ondemand::field;
using simdjson::ondemand::json_type;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

}  // namespace

struct MetadataReader::State {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  JsonStrings strings;
  std::vector<MetadataField> fields;

  bool begin(std::string_view metadata, object& into);
  bool read(value& from, MetadataField& into, bool& null);
  std::optional<std::string_view> find(object& in, std::string_view path);
};

bool MetadataReader::State::begin(std::string_view metadata, object& into) {
  if (metadata.empty()) return false;
  strings.begin(metadata);
  const simdjson::padded_string_view padded(metadata.data(), metadata.size(),
                                            metadata.size() + kChunkPadding);
  return parser.iterate(padded).get(document) == simdjson::SUCCESS &&
         document.get_object().get(into) == simdjson::SUCCESS;
}

bool MetadataReader::State::read(value& from, MetadataField& into, bool& null) {
  json_type type{};
  if (from.type().get(type) != simdjson::SUCCESS) return false;
  null = type == json_type::null;
  into.is_string = type == json_type::string;
  if (into.is_string) {
    simdjson::ondemand::raw_json_string raw;
    if (from.get_raw_json_string().get(raw) != simdjson::SUCCESS) return false;
    const auto text = strings.text(parser, raw);
    if (text) into.value = *text;
    return text.has_value();
  }
  if (simdjson::to_json_string(from).get(into.value) != simdjson::SUCCESS) return false;
  into.value = without_trailing_space(into.value);
  return true;
}

// Recursion is bounded by the path, which has at most as many dots as the user typed, and by the
// depth that the parser allows.
std::optional<std::string_view> MetadataReader::State::find(object& in, std::string_view path) {
  for (auto item : in) {
    field entry;
    if (std::move(item).get(entry) != simdjson::SUCCESS) return std::nullopt;
    const auto key = strings.text(parser, entry.key());
    if (!key || !path.starts_with(*key)) continue;
    if (path.size() == key->size()) {
      MetadataField found;
      bool null = false;
      if (!read(entry.value(), found, null) || null) return std::nullopt;
      return found.value;
    }
    json_type type{};
    if (path[key->size()] != '.' || entry.value().type().get(type) != simdjson::SUCCESS ||
        type != json_type::object) {
      continue;
    }
    object inner;
    if (entry.value().get_object().get(inner) != simdjson::SUCCESS) return std::nullopt;
    if (auto found = find(inner, path.substr(key->size() + 1))) return found;
  }
  return std::nullopt;
}

MetadataReader::MetadataReader() : state_(std::make_unique<State>()) {}
MetadataReader::~MetadataReader() = default;
MetadataReader::MetadataReader(MetadataReader&&) noexcept = default;
MetadataReader& MetadataReader::operator=(MetadataReader&&) noexcept = default;

std::optional<std::string_view> MetadataReader::find(std::string_view metadata,
                                                     std::string_view path) {
  object root;
  if (!state_->begin(metadata, root)) return std::nullopt;
  return state_->find(root, path);
}

std::span<const MetadataField> MetadataReader::fields(std::string_view metadata) {
  state_->fields.clear();
  object root;
  if (!state_->begin(metadata, root)) return {};
  for (auto item : root) {
    field entry;
    if (std::move(item).get(entry) != simdjson::SUCCESS) break;
    const auto key = state_->strings.text(state_->parser, entry.key());
    MetadataField found;
    bool null = false;
    if (!key || !state_->read(entry.value(), found, null)) break;
    found.key = *key;
    state_->fields.push_back(found);
  }
  return state_->fields;
}

}  // namespace tally::store
