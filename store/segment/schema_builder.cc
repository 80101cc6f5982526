#include "store/segment/schema_builder.h"

#include <algorithm>
#include <utility>

namespace tally::store {
namespace {

bool has_control_character(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// Ids repeat if of each five that come, at least four were among those that came shortly before,
/// and that for a while.
constexpr std::size_t kRecentIds = 256;
constexpr std::uint32_t kRepeatsPerNew = 4;
constexpr std::uint32_t kRepeatsMin = 192;
constexpr std::uint32_t kRepeatsMax = 256;

}  // namespace

std::vector<Column> fixed_columns() {
  return {{"", ColumnKind::json, 0},          {"timestamp", ColumnKind::time, 0},
          {"service", ColumnKind::word, 0},   {"operation", ColumnKind::word, 0},
          {"container", ColumnKind::word, 0}, {"error", ColumnKind::message, 0},
          {"metadata", ColumnKind::json, 0}};
}

SchemaBuilder::SchemaBuilder() : columns_(fixed_columns()), words_(columns_.size()) {
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    paths_.push_back({.text = columns_[i].path, .columns = {i}, .recent_ids = {}});
    column_paths_.push_back(i);
  }
}

std::optional<SchemaBuilder::PathId> SchemaBuilder::child(PathId parent, std::string_view key) {
  child_key_.clear();
  for (unsigned shift = 0; shift < 32; shift += 8) {
    child_key_.push_back(static_cast<char>(parent >> shift));
  }
  child_key_ += key;
  if (const auto known = children_.find(child_key_)) return kFixedColumns + *known;
  const bool element = key == kElementKey;
  if (!element && has_control_character(key)) return std::nullopt;
  std::string text = paths_[parent].text + kPathSeparator;
  text += key;
  if (text.size() > kPathBytesMax) return std::nullopt;
  const auto added = children_.find_or_add(child_key_, 2 * kColumnsMax, budget_);
  if (!added) return std::nullopt;
  paths_.push_back({.text = std::move(text), .columns = {}, .recent_ids = {}});
  return kFixedColumns + *added;
}

std::optional<std::uint32_t> SchemaBuilder::column(PathId path, ColumnKind kind,
                                                   std::uint8_t parameter) {
  Path& owner = paths_[path];
  for (const std::uint32_t column : owner.columns) {
    if (columns_[column].kind == kind && columns_[column].parameter == parameter) return column;
  }
  if (columns_.size() == kColumnsMax) return std::nullopt;
  const auto column = static_cast<std::uint32_t>(columns_.size());
  columns_.push_back({owner.text, kind, parameter});
  column_paths_.push_back(path);
  words_.emplace_back();
  owner.columns.push_back(column);
  return column;
}

bool SchemaBuilder::repeats(PathId path, std::uint64_t hash) {
  Path& known = paths_[path];
  if (known.recent_ids.empty()) known.recent_ids.resize(kRecentIds);
  const bool seen = std::exchange(known.recent_ids[hash % kRecentIds], hash) == hash;
  if (seen) {
    known.id_repeats = std::min(known.id_repeats + 1, kRepeatsMax);
  } else {
    known.id_repeats -= std::min(known.id_repeats, kRepeatsPerNew);
  }
  return known.id_repeats >= kRepeatsMin;
}

std::optional<std::uint32_t> SchemaBuilder::word(std::uint32_t column, std::string_view text) {
  if (text.size() > kWordBytesMax) return std::nullopt;
  return words_[column].find_or_add(text, kWordsMax, budget_);
}

}  // namespace tally::store
