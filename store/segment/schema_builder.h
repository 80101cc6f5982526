#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/segment/segment_format.h"
#include "store/segment/word_table.h"

namespace tally::store {

/// Where values of one meaning and spelling are kept together.
struct Column {
  std::string path;  ///< keys from the event down, each but the first behind kPathSeparator
  ColumnKind kind = ColumnKind::json;
  std::uint8_t parameter = 0;  ///< see ColumnKind

  friend bool operator==(const Column&, const Column&) = default;
};

/// Between the keys of a path. JSON has no such byte; keys are as they are written, escapes and
/// all. An array's elements share the key kElementKey.
inline constexpr char kPathSeparator = 0x1F;
inline constexpr std::string_view kElementKey = "\x1E";

/// The columns that every segment has, in order.
std::vector<Column> fixed_columns();

/// The names that a segment's writer gives out as it meets new things: columns, and the codes of
/// words and templates. Memory is bounded by the limits of the format. Not thread-safe.
class SchemaBuilder {
 public:
  /// A place in an event where values stand. Those of the fixed columns have the column's number.
  using PathId = std::uint32_t;

  /// What was learned about the values of a path; decides how the next one is stored.
  struct Path {
    std::string text;
    std::vector<std::uint32_t> columns;
    std::uint8_t scale = 1;        ///< most digits behind the point so far
    std::uint8_t fixed_scale = 0;  ///< digits of numbers that keep their zeros; 0: none seen
    bool many_words = false;       ///< too many different texts for a dictionary
    bool many_templates = false;   ///< too many different templates, too
    std::uint32_t id_repeats = 0;  ///< of the last ids, how many had been seen shortly before
    std::vector<std::uint64_t> recent_ids;  ///< hashes, by their low bits
  };

  SchemaBuilder();

  /// The path of `key` below `parent`. Nothing: there are too many, it is too long, or the key has
  /// bytes that JSON does not allow.
  std::optional<PathId> child(PathId parent, std::string_view key);
  Path& path(PathId id) { return paths_[id]; }

  /// Notes an id of the path by its text_hash. True: most of its last ids had come shortly before,
  /// so that they belong into a dictionary, where each takes a byte and not sixteen.
  bool repeats(PathId path, std::uint64_t hash);

  /// The column of the path's values of that kind. Nothing: there are too many.
  std::optional<std::uint32_t> column(PathId path, ColumnKind kind, std::uint8_t parameter = 0);
  const std::vector<Column>& columns() const noexcept { return columns_; }
  PathId path_of(std::uint32_t column) const noexcept { return column_paths_[column]; }

  /// The dictionary or the templates of a column.
  WordTable& words(std::uint32_t column) { return words_[column]; }
  const WordTable& words(std::uint32_t column) const { return words_[column]; }

  /// The code of a word in the column's dictionary, or nothing if there is no room.
  std::optional<std::uint32_t> word(std::uint32_t column, std::string_view text);
  /// The code of a word that has one.
  std::optional<std::uint32_t> known_word(std::uint32_t column, std::string_view text) {
    return words_[column].use(text);
  }

 private:
  std::deque<Path> paths_;
  std::vector<Column> columns_;
  std::vector<PathId> column_paths_;
  std::deque<WordTable> words_;  ///< one per column; empty where the kind has none
  WordTable children_;           ///< parent and key: the code is the path's number less the fixed
  WordBudget budget_{kWordsBytesMax};
  std::string child_key_;
};

}  // namespace tally::store
