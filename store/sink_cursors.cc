#include "store/sink_cursors.h"

#include <spdlog/spdlog.h>

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace tally::store {
namespace {

constexpr std::size_t kCursorBytesMax = 1024;
constexpr std::string_view kStore = "store=";
constexpr std::string_view kNext = "next=";

/// The rest of the first whole line that begins with `key`; nothing if there is none.
std::optional<std::string_view> field(std::string_view text, std::string_view key) {
  while (true) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    if (text.starts_with(key)) return text.substr(key.size(), end - key.size());
    text.remove_prefix(end + 1);
  }
}

std::optional<Sequence> parse_sequence(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return Sequence{number};
}

/// Nothing: it is another store's.
Result<std::optional<SinkCursor>> read_cursor(FileSystem& files, const Path& path,
                                              const StoreId& store) {
  TALLY_TRY(const auto file, files.open(path, OpenMode::read));
  std::array<char, kCursorBytesMax> bytes{};
  TALLY_TRY(const std::size_t read, file->read_at(0, bytes));
  const std::string_view text(bytes.data(), read);
  SinkCursor cursor{path.filename().string(), kFirstSequence};
  const auto owner = field(text, kStore);
  if (owner && *owner != to_string(store)) return std::nullopt;
  const auto next = field(text, kNext);
  const auto sequence = next ? parse_sequence(*next) : std::nullopt;
  if (owner && sequence) {
    cursor.next = *sequence;
  } else {
    spdlog::warn("{} is no cursor: until it is removed, nothing is", path.string());
  }
  return std::optional(cursor);
}

}  // namespace

Result<std::vector<SinkCursor>> read_sink_cursors(FileSystem& files, const StorePaths& paths,
                                                  const StoreId& store) {
  std::vector<SinkCursor> cursors;
  const auto names = files.list(paths.cursors());
  if (!names && names.error().code == Errc::not_found) return cursors;
  if (!names) return names.error();
  for (const std::string& name : names.value()) {
    if (name.ends_with(".lock") || name.ends_with(".draft")) continue;
    auto cursor = read_cursor(files, paths.cursors() / name, store);
    if (!cursor && cursor.error().code == Errc::not_found) continue;  // Just forgotten.
    if (!cursor) return cursor.error();
    if (cursor.value()) cursors.push_back(*cursor.value());
  }
  return cursors;
}

}  // namespace tally::store
