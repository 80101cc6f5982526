#include "store/sink_position.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "store/sink_cursor_text.h"
#include "store/sink_cursors.h"

namespace tally::store {
namespace {

constexpr std::size_t kLockBytesMax = 64;

Result<void> write_whole(File& file, std::string_view text) {
  TALLY_TRY(file.truncate(0));
  return file.write_at(0, {&text, 1});
}

Error held(const std::string& name, File& lock) {
  std::array<char, kLockBytesMax> bytes{};
  const auto read = lock.read_at(0, bytes);
  std::string who(bytes.data(), read ? read.value() : 0);
  while (who.ends_with('\n')) who.pop_back();
  const bool readable = std::ranges::all_of(who, [](char c) { return c >= ' ' && c <= '~'; });
  return {Errc::held, "the sink " + name + " is served by " +
                          (readable && !who.empty() ? "process " + who : "another process") +
                          ": stop that, or give this one another name (name=…)"};
}

Result<std::optional<SinkState>> read_state(FileSystem& files, const Path& path,
                                            const std::string& store) {
  auto text = read_cursor_text(files, path);
  if (!text && text.error().code == Errc::not_found) return std::nullopt;
  if (!text) return text.error();
  if (text.value().store && *text.value().store != store) return std::nullopt;
  if (text.value().store && text.value().next) {
    return std::optional(SinkState{*text.value().next, text.value().note});
  }
  return Error{Errc::corruption, path.string() + " is no cursor: set it with tally sinks rewind"};
}

}  // namespace

SinkPosition::SinkPosition(FileSystem& files, Path directory, std::string store, std::string name,
                           std::unique_ptr<File> lock)
    : files_(&files),
      directory_(std::move(directory)),
      store_(std::move(store)),
      name_(std::move(name)),
      lock_(std::move(lock)) {}

Result<SinkPosition> SinkPosition::open(FileSystem& files, const StorePaths& paths,
                                        const StoreId& store, const std::string& name) {
  TALLY_TRY(auto position, take_over(files, paths, store, name));
  TALLY_TRY(position.state_, read_state(files, paths.cursors() / name, position.store_));
  return position;
}

Result<SinkPosition> SinkPosition::take_over(FileSystem& files, const StorePaths& paths,
                                             const StoreId& store, const std::string& name) {
  if (!is_sink_name(name)) return Error{Errc::invalid, sink_name_rule(name)};
  TALLY_TRY(files.create_directories(paths.cursors()));
  TALLY_TRY(auto lock, files.open(paths.cursors() / (name + ".lock"), OpenMode::open_or_create));
  TALLY_TRY(const bool taken, lock->try_lock());
  if (!taken) return held(name, *lock);
  TALLY_TRY(write_whole(*lock, std::to_string(::getpid()) + "\n"));
  return SinkPosition(files, paths.cursors(), to_string(store), name, std::move(lock));
}

Result<void> SinkPosition::save(SinkState state) {
  if (state_ == state) return ok();
  if (state.note.size() > kSinkNoteMax || state.note.find('\n') != std::string::npos) {
    return Error{Errc::invalid, "a sink's note has to be one line of 512 bytes at most"};
  }
  const Path draft = directory_ / (name_ + ".draft");
  {
    TALLY_TRY(const auto file, files_->open(draft, OpenMode::open_or_create));
    TALLY_TRY(write_whole(*file, cursor_text(store_, state)));
    TALLY_TRY(file->sync_data());
  }
  TALLY_TRY(files_->rename(draft, directory_ / name_));
  TALLY_TRY(files_->sync_directory(directory_));
  state_ = std::move(state);
  return ok();
}

}  // namespace tally::store
