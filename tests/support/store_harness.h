#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/clock.h"
#include "model/result.h"
#include "store/batch.h"
#include "store/cursor.h"
#include "store/disk/file_system.h"
#include "store/store.h"

namespace tally::tests {

/// A time that one thread may move while others look at it.
class ManualTime {
 public:
  explicit ManualTime(UtcTime start) : time_(start) {}
  ManualTime& operator=(UtcTime time) noexcept {
    time_.store(time);
    return *this;
  }
  ManualTime& operator+=(std::chrono::nanoseconds by) noexcept { return *this = *this + by; }
  ManualTime& operator-=(std::chrono::nanoseconds by) noexcept { return *this = *this + -by; }
  UtcTime operator+(std::chrono::nanoseconds by) const noexcept { return time_.load() + by; }
  operator UtcTime() const noexcept { return time_.load(); }
  friend bool operator==(UtcTime time, const ManualTime& manual) {
    return time == manual.time_.load();
  }

 private:
  std::atomic<UtcTime> time_;
};

/// A clock that stands where the test puts it. Safe from any thread, as a store's own look at it.
class ManualClock final : public Clock {
 public:
  UtcTime now() const noexcept override { return time; }

  ManualTime time{UtcTime{std::chrono::seconds{1769205309}}};
};

/// A valid event line of its own for each number.
std::string event_line(std::uint64_t number);

/// The same, of an event that happened at this time.
std::string timed_event_line(std::uint64_t number, UtcTime time);

/// Lines as one frame that came by HTTP from 127.0.0.1.
store::Batch make_batch(const std::vector<std::string>& lines, UtcTime received);

/// The lines of a chunk, without their LFs.
std::vector<std::string> split_lines(std::string_view lines);

/// What a reader sees of a store.
struct StoreContents {
  std::vector<std::string> lines;  ///< by sequence, from 1 if nothing is lost
  std::vector<Run> runs;
  std::vector<store::RefusedEvent> refused;
  std::vector<store::CorruptRange> corrupt;
  Sequence next{};
};

/// Reads all of a store with a cursor of its own. Sequences that do not follow one another without
/// being told of as corrupt are an error.
Result<StoreContents> read_store(store::FileSystem& files, const store::Path& directory,
                                 Sequence from = kFirstSequence);

/// Submits and waits for the answer.
store::CommitResult submit_and_wait(store::Store& store, store::Batch batch);

}  // namespace tally::tests
