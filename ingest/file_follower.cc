#include "ingest/file_follower.h"

#include <poll.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "ingest/directory_watch.h"
#include "ingest/follow_list.h"
#include "ingest/follow_task.h"
#include "ingest/followed_file.h"
#include "ingest/wake_signal.h"

namespace tally::ingest {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct FileFollower::Parts {
  Parts(store::Store& into, const Clock& clock, FileFollowerOptions injected)
      : store(into),
        options(std::move(injected)),
        tools(clock),
        list(options.patterns, store.checkpoints()) {}

  void run();
  void take_answers();
  void look_at_files();
  void forget_the_gone();
  void publish_stats();
  void wait();
  milliseconds wait_limit() const;
  bool has_outstanding() noexcept;

  // Constant after construction.
  store::Store& store;
  const FileFollowerOptions options;

  // The follower thread's own.
  FollowTools tools;
  FollowList list;
  DirectoryWatch watch;
  FileFollowerStats counts;
  DirectoryChanges changes{.names = true, .renames = {}};  ///< since look_at_files()

  // Shared.
  WakeSignal wake;
  CommitInbox<FollowTask> inbox{wake};
  std::atomic<bool> stopping{false};
  mutable std::mutex stats_mutex;
  FileFollowerStats published;  ///< guarded by stats_mutex

  FollowContext context{store, inbox, tools, options};
  std::jthread thread;
};

FileFollower::FileFollower(store::Store& store, const Clock& clock, FileFollowerOptions options)
    : parts_(std::make_unique<Parts>(store, clock, std::move(options))) {}

FileFollower::~FileFollower() { stop(); }

void FileFollower::start() {
  parts_->thread = std::jthread([parts = parts_.get()] { parts->run(); });
}

void FileFollower::stop() {
  parts_->stopping = true;
  parts_->wake.raise();
  if (parts_->thread.joinable()) parts_->thread.join();
}

FileFollowerStats FileFollower::stats() const {
  const std::lock_guard lock(parts_->stats_mutex);
  return parts_->published;
}

void FileFollower::Parts::run() {
  ::prctl(PR_SET_NAME, "tally-follow");
  while (!stopping) {
    look_at_files();
    publish_stats();
    wait();
    take_answers();
  }
  // The answers find the tasks that they belong to: nothing goes before the last one is there.
  while (has_outstanding()) {
    wait();
    take_answers();
  }
  publish_stats();
}

void FileFollower::Parts::take_answers() {
  const auto now = steady_clock::now();
  for (auto& [task, result] : inbox.take_all()) {
    task->take(result, context, now, counts);
    changes.names = changes.names || task->is_done();
  }
}

void FileFollower::Parts::look_at_files() {
  const auto now = steady_clock::now();
  const DirectoryChanges seen = std::exchange(changes, {});
  if (seen.names) list.discover(seen.renames, watch, now);
  forget_the_gone();
  for (FollowList::Followed& followed : list.followed()) {
    for (auto& task : followed.tasks) {
      task->turn(context, now);
      // What was written to an older file came first.
      if (!task->is_at_end()) break;
    }
  }
}

/// If that fails, it is done again after the next restart.
void FileFollower::Parts::forget_the_gone() {
  store::Batch batch;
  batch.checkpoints = list.take_forgotten();
  if (batch.checkpoints.empty()) return;
  store.submit(std::move(batch), [](const store::CommitResult&) {});
}

void FileFollower::Parts::publish_stats() {
  counts.files = list.file_count();
  counts.unreadable = list.unreadable_count();
  const std::lock_guard lock(stats_mutex);
  published = counts;
}

/// Sleeps until something happens, and notes what.
void FileFollower::Parts::wait() {
  std::array<pollfd, 2> entries{pollfd{wake.descriptor(), POLLIN, 0},
                                pollfd{watch.descriptor(), POLLIN, 0}};
  const milliseconds limit = wait_limit();
  const int ready = ::poll(entries.data(), entries.size(), static_cast<int>(limit.count()));
  if (ready == 0 && list.needs_polling()) changes.names = true;
  if ((entries[0].revents & POLLIN) != 0) wake.clear();
  if ((entries[1].revents & POLLIN) != 0) {
    DirectoryChanges seen = watch.take_changes();
    changes.names = changes.names || seen.names;
    std::ranges::move(seen.renames, std::back_inserter(changes.renames));
  }
}

/// Negative: for ever.
milliseconds FileFollower::Parts::wait_limit() const {
  constexpr milliseconds kForEver{-1};
  milliseconds limit = list.needs_polling() ? options.poll_interval : milliseconds::max();
  const auto now = steady_clock::now();
  for (const FollowList::Followed& followed : list.followed()) {
    for (const auto& task : followed.tasks) {
      const auto due = task->due();
      if (due) limit = std::min(limit, std::chrono::ceil<milliseconds>(*due - now));
    }
  }
  if (limit == milliseconds::max()) return kForEver;
  return std::clamp(limit, milliseconds{0}, milliseconds{std::numeric_limits<int>::max()});
}

bool FileFollower::Parts::has_outstanding() noexcept {
  return std::ranges::any_of(list.followed(), [](const FollowList::Followed& followed) {
    return std::ranges::any_of(followed.tasks,
                               [](const auto& task) { return task->is_outstanding(); });
  });
}

}  // namespace tally::ingest
