#include "store/journal/durable_watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "store/disk/inotify_reach.h"

namespace tally::store {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kTimeoutMax = std::chrono::hours{24};  // Far from any overflow.

/// Watches the directory: that tells of the file's changes and of its creation alike, without a gap
/// between the two.
int open_inotify(const Path& directory) {
  if (inotify_is_blind(directory)) return -1;
  const int descriptor = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor < 0) return -1;
  if (::inotify_add_watch(descriptor, directory.c_str(),
                          IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_ONLYDIR) < 0) {
    ::close(descriptor);
    return -1;
  }
  return descriptor;
}

/// Whether poll found the descriptor readable before the deadline.
bool wait_readable(int descriptor, steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    pollfd entry{descriptor, POLLIN, 0};
    const nfds_t count = descriptor < 0 ? 0 : 1;
    const int ready = ::poll(&entry, count, static_cast<int>(std::max(left.count(), {})));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return false;
  }
}

}  // namespace

DurableWatch::DurableWatch(const StorePaths& paths, milliseconds poll_interval)
    : poll_interval_(poll_interval),
      name_(paths.durable().filename().string()),
      descriptor_(open_inotify(paths.directory)),
      last_poll_(steady_clock::now()) {}

DurableWatch::~DurableWatch() { close(); }

DurableWatch::DurableWatch(DurableWatch&& other) noexcept
    : poll_interval_(other.poll_interval_),
      name_(std::move(other.name_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      last_poll_(other.last_poll_) {}

DurableWatch& DurableWatch::operator=(DurableWatch&& other) noexcept {
  std::swap(poll_interval_, other.poll_interval_);
  std::swap(name_, other.name_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(last_poll_, other.last_poll_);
  return *this;
}

bool DurableWatch::wait(milliseconds timeout) {
  const auto deadline = steady_clock::now() + std::clamp(timeout, milliseconds{0}, kTimeoutMax);
  return descriptor_ >= 0 ? wait_for_events(deadline) : wait_for_interval(deadline);
}

bool DurableWatch::wait_for_events(steady_clock::time_point deadline) {
  while (wait_readable(descriptor_, deadline)) {
    if (take_events()) return true;
  }
  return false;
}

bool DurableWatch::wait_for_interval(steady_clock::time_point deadline) {
  const auto next = last_poll_ + poll_interval_;
  wait_readable(-1, std::min(deadline, next));
  if (steady_clock::now() < next) return false;
  last_poll_ = steady_clock::now();
  return true;
}

/// Empties the queue; true if the file (or everything: a queue that ran over) may have changed.
bool DurableWatch::take_events() {
  alignas(inotify_event) std::array<char, 4096> buffer;
  bool changed = false;
  for (;;) {
    const ssize_t bytes = ::read(descriptor_, buffer.data(), buffer.size());
    if (bytes <= 0) return changed;
    inotify_event event{};
    for (std::size_t at = 0; at < static_cast<std::size_t>(bytes);
         at += sizeof(event) + event.len) {
      std::memcpy(&event, buffer.data() + at, sizeof(event));
      const char* text = buffer.data() + at + sizeof(event);
      if ((event.mask & (IN_Q_OVERFLOW | IN_IGNORED | IN_UNMOUNT)) != 0) changed = true;
      if (event.len > 0 && std::string_view(text) == name_) changed = true;
      if ((event.mask & IN_IGNORED) != 0) {  // The directory is gone: nothing comes any more.
        close();
        return true;
      }
    }
  }
}

void DurableWatch::close() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace tally::store
