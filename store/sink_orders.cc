#include "store/sink_orders.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "store/sink_cursor_text.h"

namespace tally::store {
namespace {

constexpr const char* kPaused = ".paused";
constexpr const char* kRewind = ".rewind";
constexpr const char* kReplay = ".replay";
constexpr std::size_t kReasonMax = 1024;

}  // namespace

SinkOrders::SinkOrders(FileSystem& files, const StorePaths& paths, const std::string& name)
    : files_(&files), directory_(paths.cursors()), name_(name) {}

Path SinkOrders::file(const char* suffix) const { return directory_ / (name_ + suffix); }

Result<std::optional<std::string>> SinkOrders::paused() const {
  const auto opened = files_->open(file(kPaused), OpenMode::read);
  if (!opened && opened.error().code == Errc::not_found) return std::nullopt;
  if (!opened) return opened.error();
  std::string reason(kReasonMax, '\0');
  TALLY_TRY(const std::size_t read, opened.value()->read_at(0, reason));
  reason.resize(std::min(read, reason.find('\n')));
  return std::optional(std::move(reason));
}

Result<void> SinkOrders::pause(const std::string& reason) {
  return put(file(kPaused), reason.substr(0, kReasonMax - 1) + "\n");
}

Result<void> SinkOrders::resume() { return remove(file(kPaused)); }

Result<std::optional<Sequence>> SinkOrders::rewind() const {
  auto text = read_cursor_text(*files_, file(kRewind));
  if (!text && text.error().code == Errc::not_found) return std::nullopt;
  if (!text) return text.error();
  return text.value().next;
}

Result<void> SinkOrders::set_rewind(Sequence next) {
  return put(file(kRewind), "next=" + std::to_string(to_number(next)) + "\n");
}

Result<void> SinkOrders::rewind_done() { return remove(file(kRewind)); }

Result<bool> SinkOrders::replay() const { return files_->exists(file(kReplay)); }

Result<void> SinkOrders::set_replay() { return put(file(kReplay), "\n"); }

Result<void> SinkOrders::replay_done() { return remove(file(kReplay)); }

Result<void> SinkOrders::forget() {
  for (const char* const suffix :
       {"", kPaused, kRewind, kReplay, ".draft", ".status", ".dead", ".replaying"}) {
    TALLY_TRY(remove(file(suffix)));
  }
  return ok();
}

/// Under its name at once as a whole, and durably.
Result<void> SinkOrders::put(const Path& path, const std::string& text) {
  TALLY_TRY(files_->create_directories(directory_));
  const Path draft = path.string() + ".draft";
  {
    TALLY_TRY(const auto opened, files_->open(draft, OpenMode::open_or_create));
    TALLY_TRY(opened->truncate(0));
    const std::string_view part = text;
    TALLY_TRY(opened->write_at(0, {&part, 1}));
    TALLY_TRY(opened->sync_data());
  }
  TALLY_TRY(files_->rename(draft, path));
  return files_->sync_directory(directory_);
}

Result<void> SinkOrders::remove(const Path& path) {
  const auto removed = files_->remove(path);
  if (!removed && removed.error().code == Errc::not_found) return ok();
  if (!removed) return removed.error();
  return files_->sync_directory(directory_);
}

}  // namespace tally::store
