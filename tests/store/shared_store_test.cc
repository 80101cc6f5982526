#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/cursor.h"
#include "store/disk/posix_file_system.h"
#include "store/store.h"
#include "store/store_listing.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

// Three processes read a store that a fourth writes, seals and removes from: each has to see every
// event once, in order, byte for byte, wherever the event is when it comes to it; and what a reader
// has begun with is not taken from it.

namespace tally::tests {
namespace {

using store::Cursor;

constexpr std::uint64_t kEvents = 3000;
constexpr std::uint64_t kBatch = 5;

/// A word from one process to another, which waits for it.
class Word {
 public:
  Word() { EXPECT_EQ(pipe(ends_.data()), 0); }
  bool give() const { return write(ends_[1], "", 1) == 1; }
  bool wait() const {
    char byte = 0;
    return read(ends_[0], &byte, 1) == 1;
  }

 private:
  std::array<int, 2> ends_{};
};

/// A process that starts with a word from its parent and ends with its verdict.
class ReaderProcess {
 public:
  explicit ReaderProcess(const std::function<bool()>& body) : pid_(fork()) {
    if (pid_ == 0) _exit(start_.wait() && body() ? 0 : 1);
  }

  bool start() const { return pid_ > 0 && start_.give(); }

  bool succeeded() const {
    int status = 1;
    return waitpid(pid_, &status, 0) == pid_ && status == 0;
  }

 private:
  Word start_;
  pid_t pid_ = -1;
};

/// Whether the oldest events may have been removed before a cursor is opened. None may be missing
/// from then on.
enum class Start : std::uint8_t { nothing_removed, oldest_removed };

/// Reads from `next` to the last event; a cursor gives so many chunks before another takes over.
/// Calls `after_chunk` after each.
bool read_all(
    const store::Path& directory, std::uint64_t next, int chunks_per_cursor, Start start,
    const std::function<void()>& after_chunk = [] {}) {
  store::PosixFileSystem files;
  while (next <= kEvents) {
    auto cursor = Cursor::open(files, directory, Sequence{next});
    if (!cursor) return false;
    for (int chunks = 0; chunks < chunks_per_cursor && next <= kEvents;) {
      const auto chunk = cursor.value().next();
      if (!chunk || !cursor.value().corrupt().empty()) return false;
      if (!chunk.value()) {
        cursor.value().wait(std::chrono::seconds{10});
        continue;
      }
      const std::uint64_t first = to_number(chunk.value()->first);
      if (chunks++ == 0 && start == Start::oldest_removed) next = std::max(next, first);
      if (first != next || !cursor.value().removed().empty()) return false;
      for (const std::string& line : split_lines(chunk.value()->lines)) {
        if (line != event_line(next++)) return false;
      }
      after_chunk();
    }
  }
  return true;
}

store::StoreOptions small_files(const store::Path& data) {
  store::StoreOptions options;
  options.directory = data;
  options.file_bytes = 64 * 1024;
  options.file_events_max = 60;
  return options;
}

void write_events(store::Store& store, std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t number = from; number <= to; number += kBatch) {
    std::vector<std::string> lines;
    for (std::uint64_t i = 0; i < kBatch; ++i) lines.push_back(event_line(number + i));
    EXPECT_TRUE(submit_and_wait(store, make_batch(lines, UtcTime{})));
  }
}

/// What the store has done once all is sealed that can be.
store::SealStats seal_all(store::Store& store) {
  std::promise<store::SealStats> sealed;
  store.seal([&](const Result<void>& result) {
    EXPECT_TRUE(result);
    sealed.set_value(store.stats().seal);
  });
  return sealed.get_future().get();
}

/// Writes all events while three processes read them; what the store had done by then.
store::SealStats write_for_readers(const store::StoreOptions& options, Start start) {
  const store::Path data = options.directory;
  // Before there are threads, which a fork would not take along.
  const std::vector<ReaderProcess> readers{
      ReaderProcess([&] { return read_all(data, 1, 1'000'000, start); }),
      ReaderProcess([&] { return read_all(data, 1, 7, start); }),
      ReaderProcess([&] { return read_all(data, 1234, 40, start); })};
  store::PosixFileSystem files;
  ManualClock clock;
  auto store = std::move(store::Store::open(files, clock, options)).value();
  write_events(*store, 1, kBatch);
  for (const ReaderProcess& reader : readers) EXPECT_TRUE(reader.start());
  write_events(*store, kBatch + 1, kEvents);
  for (const ReaderProcess& reader : readers) EXPECT_TRUE(reader.succeeded());
  return seal_all(*store);
}

TEST(SharedStore, ThreeReadersSeeEverythingWhileItIsWrittenAndSealed) {
  const TemporaryDirectory directory;
  const auto options = small_files(directory.path() / "data");
  EXPECT_EQ(write_for_readers(options, Start::nothing_removed).segments, kEvents / 60);
  store::PosixFileSystem files;
  const ManualClock clock;
  const auto store = std::move(store::Store::open(files, clock, options)).value();
  EXPECT_TRUE(read_all(options.directory, 1, 1'000'000, Start::nothing_removed));
}

TEST(SharedStore, RetentionTakesNothingThatAReaderHasBegunWith) {
  const TemporaryDirectory directory;
  auto options = small_files(directory.path() / "data");
  options.retention.bytes_max = 16 * 1024;
  const store::SealStats stats = write_for_readers(options, Start::oldest_removed);
  EXPECT_GT(stats.retention.segments_removed, 0U);
  EXPECT_EQ(stats.retention.held_removed, 0U);
  EXPECT_LE(stats.segment_bytes, *options.retention.bytes_max) << "nobody reads any more";
}

/// Of the three above each may always be faster than retention; this one is not.
TEST(SharedStore, RetentionWaitsForAReaderThatStands) {
  const TemporaryDirectory directory;
  auto options = small_files(directory.path() / "data");
  options.retention.bytes_max = 16 * 1024;
  const Word stands;
  const Word goes_on;
  bool stood = false;
  const ReaderProcess reader([&] {
    return read_all(options.directory, 1, 1'000'000, Start::nothing_removed, [&] {
      if (!std::exchange(stood, true) && stands.give()) goes_on.wait();
    });
  });
  store::PosixFileSystem files;
  ManualClock clock;
  auto store = std::move(store::Store::open(files, clock, options)).value();
  write_events(*store, 1, kBatch);
  ASSERT_TRUE(reader.start());
  ASSERT_TRUE(stands.wait());
  write_events(*store, kBatch + 1, kEvents);
  const store::SealStats held = seal_all(*store);
  EXPECT_EQ(held.retention.segments_removed, 0U);
  EXPECT_GT(held.segment_bytes, *options.retention.bytes_max);
  ASSERT_TRUE(goes_on.give());
  EXPECT_TRUE(reader.succeeded());
  const store::SealStats free = seal_all(*store);
  EXPECT_GT(free.retention.segments_removed, 0U);
  EXPECT_LE(free.segment_bytes, *options.retention.bytes_max);
}

}  // namespace
}  // namespace tally::tests
