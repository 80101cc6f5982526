#include "ingest/field_path.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "ingest/json_escapes.h"
#include "ingest/quoted_excerpt.h"

namespace tally::ingest {
namespace {

/// An object or array that is open where the path ends.
struct Level {
  bool array = false;
  std::uint32_t index = 0;     ///< of the array's element
  const Token* key = nullptr;  ///< of the object's member; none between members
};

std::vector<Level> open_levels(const char* text, const Token* first, const Token* token,
                               bool is_key) {
  std::vector<Level> levels;
  for (; first < token; ++first) {
    switch (text[*first]) {
      case '{':
        levels.push_back({});
        break;
      case '[':
        levels.push_back({.array = true});
        break;
      case '}':
      case ']':
        levels.pop_back();
        break;
      case ',':
        ++levels.back().index;
        levels.back().key = nullptr;
        break;
      case '"':
        if (!levels.back().array && levels.back().key == nullptr) levels.back().key = first;
        break;
      default:
        break;
    }
  }
  if (is_key && !levels.empty()) levels.back().key = token;
  return levels;
}

bool is_plain(std::string_view key) {
  return !key.empty() && key.size() <= kExcerptMax &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

std::string step(const char* text, const Level& level) {
  if (level.array) return '[' + std::to_string(level.index) + ']';
  const std::string_view written = string_text(text, level.key);
  if (is_plain(written)) return '.' + std::string(written);
  // A key is checked only once its colon is there: what is wrong may be that there is none.
  if (check_escapes(written).flaw != EscapeFlaw::none) return '[' + quoted_excerpt(written) + ']';
  std::string key;
  append_unescaped(key, written);
  return is_plain(key) ? '.' + key : '[' + quoted_excerpt(key) + ']';
}

}  // namespace

std::string field_path(const char* text, const Token* first, const Token* token, bool is_key) {
  std::string path;
  const std::vector<Level> levels = open_levels(text, first, token, is_key);
  for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
    if (!level->array && level->key == nullptr) continue;
    if (path.size() > kExcerptMax) return "…" + path;
    path.insert(0, step(text, *level));
  }
  return path.starts_with('.') ? path.substr(1) : path;
}

}  // namespace tally::ingest
