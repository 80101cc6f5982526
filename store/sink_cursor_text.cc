#include "store/sink_cursor_text.h"

#include <array>
#include <charconv>
#include <string_view>

namespace tally::store {
namespace {

constexpr std::size_t kCursorBytesMax = 1024;
constexpr std::string_view kStore = "store=";
constexpr std::string_view kNext = "next=";
constexpr std::string_view kNote = "note=";

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

}  // namespace

Result<CursorText> read_cursor_text(FileSystem& files, const Path& path) {
  TALLY_TRY(const auto file, files.open(path, OpenMode::read));
  std::array<char, kCursorBytesMax> bytes{};
  TALLY_TRY(const std::size_t read, file->read_at(0, bytes));
  const std::string_view text(bytes.data(), read);
  CursorText cursor;
  cursor.store = field(text, kStore);
  if (const auto next = field(text, kNext)) cursor.next = parse_sequence(*next);
  cursor.note = field(text, kNote).value_or("");
  return cursor;
}

std::string cursor_text(const std::string& store, const SinkState& state) {
  std::string text = std::string(kStore) + store + '\n';
  text += std::string(kNext) + std::to_string(to_number(state.next)) + '\n';
  if (!state.note.empty()) text += std::string(kNote) + state.note + '\n';
  return text;
}

}  // namespace tally::store
