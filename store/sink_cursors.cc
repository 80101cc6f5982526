#include "store/sink_cursors.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>

#include "store/sink_cursor_text.h"

namespace tally::store {
namespace {

/// Nothing: it is another store's.
Result<std::optional<SinkCursor>> read_cursor(FileSystem& files, const Path& path,
                                              const StoreId& store) {
  TALLY_TRY(const CursorText text, read_cursor_text(files, path));
  if (text.store && *text.store != to_string(store)) return std::nullopt;
  SinkCursor cursor{path.filename().string(), kFirstSequence};
  if (text.store && text.next) {
    cursor.next = *text.next;
  } else {
    spdlog::warn("{} is no cursor: until it is removed, nothing is", path.string());
  }
  return std::optional(cursor);
}

}  // namespace

bool is_sink_name(std::string_view name) noexcept {
  constexpr std::size_t kNameMax = 64;
  return !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string sink_name_rule(std::string_view name) {
  return "\"" + std::string(name) +
         "\" is no name for a sink: 1 to 64 letters, digits, '-' and '_'";
}

Result<std::vector<SinkCursor>> read_sink_cursors(FileSystem& files, const StorePaths& paths,
                                                  const StoreId& store) {
  std::vector<SinkCursor> cursors;
  const auto names = files.list(paths.cursors());
  if (!names && names.error().code == Errc::not_found) return cursors;
  if (!names) return names.error();
  for (const std::string& name : names.value()) {
    if (!is_sink_name(name)) continue;
    auto cursor = read_cursor(files, paths.cursors() / name, store);
    if (!cursor && cursor.error().code == Errc::not_found) continue;  // Just forgotten.
    if (!cursor) return cursor.error();
    if (cursor.value()) cursors.push_back(*cursor.value());
  }
  return cursors;
}

}  // namespace tally::store
