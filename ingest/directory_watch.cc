#include "ingest/directory_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <utility>

#include "store/disk/inotify_reach.h"

namespace tally::ingest {
namespace {

constexpr std::uint32_t kNameEvents =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF;

constexpr std::size_t kHalvesMax = 64;

}  // namespace

DirectoryWatch::DirectoryWatch() : descriptor_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

DirectoryWatch::~DirectoryWatch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool DirectoryWatch::add(const store::Path& directory) {
  if (watched_.contains(directory)) return true;
  if (descriptor_ < 0 || store::inotify_is_blind(directory)) return false;
  const int watch =
      ::inotify_add_watch(descriptor_, directory.c_str(), IN_MODIFY | kNameEvents | IN_ONLYDIR);
  if (watch < 0) return false;
  directories_[watch] = directory;
  watched_.insert(directory);
  return true;
}

DirectoryChanges DirectoryWatch::take_changes() {
  alignas(inotify_event) std::array<char, 16 * 1024> buffer;
  DirectoryChanges changes;
  for (;;) {
    const ssize_t bytes = ::read(descriptor_, buffer.data(), buffer.size());
    if (bytes <= 0) return changes;
    inotify_event event{};
    for (std::size_t at = 0; at < static_cast<std::size_t>(bytes);
         at += sizeof(event) + event.len) {
      std::memcpy(&event, buffer.data() + at, sizeof(event));
      note(event, event.len > 0 ? buffer.data() + at + sizeof(event) : "", changes);
    }
  }
}

void DirectoryWatch::note(const inotify_event& event, const char* name, DirectoryChanges& changes) {
  if ((event.mask & (IN_MODIFY | IN_Q_OVERFLOW)) != 0) changes.contents = true;
  if ((event.mask & (kNameEvents | IN_Q_OVERFLOW)) != 0) changes.names = true;
  if ((event.mask & IN_MOVED_FROM) != 0) {
    // The second half of one that left the watched directories never comes.
    if (moved_from_.size() >= kHalvesMax) moved_from_.clear();
    moved_from_[event.cookie] = (directories_[event.wd] / name).string();
  }
  if ((event.mask & IN_MOVED_TO) != 0) {
    if (auto half = moved_from_.extract(event.cookie)) {
      changes.renames.push_back({std::move(half.mapped()), directories_[event.wd] / name});
    }
  }
  // The directory went, or another one has its name now: it has to be added again.
  if ((event.mask & (IN_IGNORED | IN_MOVE_SELF)) != 0) {
    watched_.erase(directories_[event.wd]);
    changes.names = true;
  }
}

}  // namespace tally::ingest
