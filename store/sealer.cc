#include "store/sealer.h"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <utility>

#include "store/store_listing.h"
#include "store/thread_priority.h"

namespace tally::store {
namespace {

/// After a failure: a full disk may have been emptied, a broken one replaced.
constexpr std::chrono::seconds kRetryInterval{10};
/// Nothing but the clock says that a segment has become too old, that a reader has left one, or
/// that a file can be read again. (Each try costs reading up to the bad place.)
constexpr std::chrono::seconds kLookInterval{60};
/// While commits wait: no rest is longer, whatever the piece of work before it took.
constexpr std::chrono::milliseconds kRestMax{20};

Error closing() { return {Errc::overloaded, "the store is closing"}; }

}  // namespace

Sealer::Sealer(Parts parts)
    : parts_(std::move(parts)),
      sealer_(parts_.files, parts_.paths, parts_.manifest, parts_.rejected_limits,
              [this] { return rest(); }),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Sealer::~Sealer() { stop(); }

void Sealer::request() {
  {
    const std::lock_guard lock(mutex_);
    requested_ = true;
  }
  wanted_.notify_all();
}

void Sealer::request(Sealed done) {
  {
    std::unique_lock lock(mutex_);
    if (stopped_) {
      lock.unlock();
      return done(closing());
    }
    requested_ = true;
    waiters_.push_back(std::move(done));
  }
  wanted_.notify_all();
}

void Sealer::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  std::vector<Sealed> waiters;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    waiters.swap(waiters_);
  }
  for (const Sealed& done : waiters) done(closing());
}

SealStats Sealer::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void Sealer::run(const std::stop_token& stop) {
  stop_ = stop;
  ::pthread_setname_np(::pthread_self(), "tally-sealer");
  lower_thread_priority();
  while (true) {
    std::vector<Sealed> waiters;
    {
      std::unique_lock lock(mutex_);
      if (!wait(lock)) return;
      requested_ = false;
      waiters.swap(waiters_);
    }
    const Result<void> result = seal_all();
    retain();
    for (const Sealed& done : waiters) done(result);
  }
}

/// Until there is something to do; false: the end.
bool Sealer::wait(std::unique_lock<std::mutex>& lock) {
  const auto requested = [this] { return requested_; };
  const bool soon = blocked_ || parts_.disk.refusing();
  if (soon || !unreadable_.empty() || parts_.retention.limited()) {
    (void)wanted_.wait_for(lock, stop_, soon ? kRetryInterval : kLookInterval, requested);
  } else {
    (void)wanted_.wait(lock, stop_, requested);
  }
  return !stop_.stop_requested();
}

void Sealer::retain() {
  const HeldByReader held = parts_.disk.refusing() ? HeldByReader::goes_too : HeldByReader::stays;
  const auto applied = parts_.retention.apply(parts_.manifest, parts_.clock.now(), held);
  if (!applied) spdlog::error("retention: {}", to_string(applied.error()));
  parts_.disk.look();  // What was sealed or removed may be what it takes to go on.
  publish(stats().backlog_files);
}

/// All but the newest file, which is being written. One that is damaged or cannot be read costs the
/// others nothing: each segment is made from its journal file alone, the chain within it begins
/// with the core that the file's header names, and MANIFEST takes numbers in any order. Only the
/// file before a damaged one has to stay as well if nothing else tells where it ends. At any other
/// failure the rest has to wait, since it would fail likewise.
Result<void> Sealer::seal_all() {
  blocked_ = true;
  TALLY_TRY(sealer_.remove_sealed());
  TALLY_TRY(auto journals, list_journals(parts_.files, parts_.paths));
  if (!journals.empty()) journals.pop_back();
  blocked_ = false;
  Result<void> first_failure = ok();
  std::uint64_t backlog = journals.size();
  for (const std::uint64_t number : journals) {
    publish(backlog--);
    if (damaged_.contains(number)) continue;
    auto sealed = seal(number);
    if (sealed) continue;
    if (first_failure) first_failure = sealed.error();
    blocked_ = sealed.error().code != Errc::corruption && !sealer_.was_unreadable();
    if (blocked_) break;
  }
  publish(backlog);
  return first_failure;
}

Result<void> Sealer::seal(std::uint64_t number) {
  worked_since_ = std::chrono::steady_clock::now();
  auto sealed = sealer_.seal(number);
  const bool unreadable = !sealed && sealer_.was_unreadable();
  const bool told = unreadable && !unreadable_.insert(number).second;
  if (!unreadable) unreadable_.erase(number);
  if (sealed || stop_.stop_requested()) return sealed;
  if (!told) spdlog::error("could not seal journal file {}: {}", number, to_string(sealed.error()));
  if (sealed.error().code == Errc::corruption) damaged_.insert(number);
  const std::lock_guard lock(mutex_);
  ++stats_.failures;
  return sealed;
}

/// As long as the piece of work before it took, if anybody waits for the disk or a processor: so
/// sealing always gets on, at half its speed at the worst.
bool Sealer::rest() {
  const auto now = std::chrono::steady_clock::now();
  const auto worked = now - std::exchange(worked_since_, now);
  if (parts_.waiting()) {
    std::unique_lock lock(mutex_);
    (void)wanted_.wait_for(lock, stop_, std::min<std::chrono::nanoseconds>(worked, kRestMax),
                           [] { return false; });
    worked_since_ = std::chrono::steady_clock::now();
  }
  return !stop_.stop_requested();
}

void Sealer::publish(std::uint64_t backlog) {
  const std::lock_guard lock(mutex_);
  stats_.backlog_files = backlog;
  stats_.damaged_files = damaged_.size() + unreadable_.size();
  stats_.segments = parts_.manifest.manifest().segments.size();
  stats_.segment_bytes = 0;
  for (const SegmentSummary& segment : parts_.manifest.manifest().segments) {
    stats_.segment_bytes += segment.stored_bytes;
  }
  stats_.rejected_dropped = sealer_.rejected_losses().events;
  stats_.retention = parts_.retention.stats();
}

}  // namespace tally::store
