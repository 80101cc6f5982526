#include "store/journal/committer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "model/check.h"
#include "store/journal/commit_budget.h"

namespace tally::store {
namespace {

/// A group ends here, so that the first of many waiting batches is not held up by the last. One
/// sync of this size already costs milliseconds.
constexpr std::size_t kGroupBytesMax = 8 * 1024 * 1024;

/// The disk is looked at once a second while commits come or something is wrong with it, and once
/// in so many bytes: in less than a second a collector at full speed fills what is left of a small
/// disk at the limit. A look costs a microsecond.
constexpr std::chrono::seconds kLookInterval{1};
constexpr std::size_t kLookBytes = 1024 * 1024;
/// While nothing comes: others may fill the disk, and who asks whether events can be taken should
/// get a true answer.
constexpr std::chrono::seconds kIdleLookInterval{10};

}  // namespace

Committer::Committer(Journal& journal, DiskLimit& disk, std::size_t queue_bytes_max,
                     std::atomic<bool>& busy, std::function<void()> on_rotation)
    : journal_(journal),
      disk_(disk),
      queue_bytes_max_(queue_bytes_max),
      busy_(busy),
      on_rotation_(std::move(on_rotation)),
      preparer_(journal),
      file_number_(journal.file_number()),
      checkpoints_(journal.state().checkpoint_list()),
      next_(to_number(journal.state().next)),
      healthy_(journal.healthy()),
      thread_([this] { run(); }) {}

Committer::~Committer() { close(); }

void Committer::submit(Batch batch, Committed done) {
  TALLY_CHECK(is_consistent(batch));
  if (disk_.refusing()) {
    work_.notify_one();  // There may be room to be made.
    return done(disk_.refusal());
  }
  const std::size_t bytes = memory_bytes(batch);
  {
    std::unique_lock lock(mutex_);
    if (closing_ || queue_bytes_ + bytes > queue_bytes_max_) {
      const bool closing = closing_;
      lock.unlock();
      done(Error{Errc::overloaded, closing ? "the store is closing" : "the commit queue is full"});
      return;
    }
    queue_bytes_ += bytes;
    busy_.store(true);
    queue_.push_back({std::move(batch), bytes, std::move(done)});
  }
  work_.notify_one();
}

void Committer::rotate(Rotated done) {
  {
    std::unique_lock lock(mutex_);
    if (closing_) {
      lock.unlock();
      return done(Error{Errc::overloaded, "the store is closing"});
    }
    rotations_.push_back(std::move(done));
  }
  work_.notify_one();
}

void Committer::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::vector<SourceCheckpoint> Committer::checkpoints() const {
  const std::lock_guard lock(mutex_);
  return checkpoints_;
}

StoreStats Committer::stats() const {
  const std::lock_guard lock(mutex_);
  StoreStats stats = stats_;
  stats.queue_bytes = queue_bytes_;
  return stats;
}

void Committer::run() {
  std::vector<Pending> group;
  while (take_group(group)) {
    watch_disk();
    if (!group.empty()) {
      const CommitResult result = commit(group);
      publish(group, result);
      answer(group, result);
      group.clear();
    }
    rotate();
    note_rotation();
  }
}

void Committer::answer(std::vector<Pending>& group, const CommitResult& result) {
  std::uint64_t before = 0;
  for (Pending& pending : group) {
    if (!result) {
      pending.done(result);
      continue;
    }
    const std::uint64_t count = event_count(pending.batch);
    pending.done(CommitRange{advance(result.value().first, before), count});
    before += count;
  }
}

void Committer::watch_disk() {
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_ >= kLookInterval || bytes_since_look_ >= kLookBytes) {
    disk_.look();
    looked_ = now;
    bytes_since_look_ = 0;
  }
  if (const bool was_full = std::exchange(full_, disk_.refusing()); was_full != full_) {
    full_ ? make_room() : on_rotation_();  // There may be room now for a segment that found none.
  }
  // Who waits to be told that the store is well again before it sends anything would wait for ever.
  if (!journal_.healthy() && !full_) (void)journal_.ensure_file();
  healthy_.store(journal_.healthy());
}

/// The zeros written ahead are worth less now than what they take; and what is in the journal takes
/// a fraction of its space as a segment. Retention, too, may have something that it can remove now.
void Committer::make_room() {
  journal_.give_up_spare();
  if (const auto rotated = journal_.rotate(); !rotated) {
    spdlog::error("could not end the journal file: {}", to_string(rotated.error()));
  }
  file_number_ = journal_.file_number();
  on_rotation_();
}

/// Behind the commit that was under way when it was asked for.
void Committer::rotate() {
  std::vector<Rotated> rotations;
  {
    const std::lock_guard lock(mutex_);
    rotations.swap(rotations_);
  }
  if (rotations.empty()) return;
  const Result<void> result = journal_.rotate();
  healthy_.store(journal_.healthy());
  for (const Rotated& done : rotations) done(result);
}

/// A spare that could not be made is asked for once a file, not once a commit: on a full disk that
/// would be writing zeros all the time, into the space that the commits need.
void Committer::note_rotation() {
  if (!journal_.healthy()) return;  // Each attempt to make a file uses up a number.
  const std::uint64_t number = journal_.file_number();
  if (std::exchange(file_number_, number) == number) return;
  preparer_.request();
  on_rotation_();
}

bool Committer::take_group(std::vector<Pending>& group) {
  std::unique_lock lock(mutex_);
  if (queue_.empty()) busy_.store(false);
  const bool well = journal_.healthy() && !disk_.refusing();
  (void)work_.wait_for(lock, well ? kIdleLookInterval : kLookInterval, [this] {
    return closing_ || !queue_.empty() || !rotations_.empty() || disk_.refusing() != full_;
  });
  std::size_t bytes = 0;
  std::size_t taken = 0;
  CommitBudget budget;
  while (taken < queue_.size()) {
    const Pending& next = queue_[taken];
    // The first one goes in any case: if it is too large even alone, the journal says so.
    const bool fits = budget.add(next.batch) && bytes + next.bytes <= kGroupBytesMax;
    if (!fits && taken > 0) break;
    bytes += next.bytes;
    ++taken;
    if (!fits) break;
  }
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(taken);
  std::move(queue_.begin(), end, std::back_inserter(group));
  queue_.erase(queue_.begin(), end);
  return !closing_ || !group.empty() || !rotations_.empty();
}

CommitResult Committer::commit(const std::vector<Pending>& group) {
  if (disk_.refusing()) return disk_.refusal();
  std::vector<const Batch*> batches;
  batches.reserve(group.size());
  for (const Pending& pending : group) {
    batches.push_back(&pending.batch);
    bytes_since_look_ += pending.bytes;
  }
  CommitResult result = journal_.commit(batches);
  if (!result && result.error().code == Errc::no_space) disk_.look();
  return result;
}

void Committer::publish(const std::vector<Pending>& group, const CommitResult& result) {
  next_.store(to_number(journal_.state().next));
  healthy_.store(journal_.healthy());
  const std::lock_guard lock(mutex_);
  bool checkpointed = false;
  for (const Pending& pending : group) {
    queue_bytes_ -= pending.bytes;
    if (!result) continue;
    stats_.refused += pending.batch.refused.size();
    checkpointed = checkpointed || !pending.batch.checkpoints.empty();
  }
  if (checkpointed) checkpoints_ = journal_.state().checkpoint_list();
  result ? ++stats_.commits : ++stats_.commit_failures;
  if (result) stats_.events += result.value().count;
  stats_.file_number = journal_.file_number();
  stats_.stored_bytes = journal_.counters().stored_bytes;
  stats_.sync_seconds_total = journal_.counters().sync_seconds_total;
  stats_.sync_seconds_max = journal_.counters().sync_seconds_max;
}

}  // namespace tally::store
