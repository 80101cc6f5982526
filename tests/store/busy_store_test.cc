#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/cursor.h"
#include "store/disk/posix_file_system.h"
#include "store/store.h"
#include "tests/support/sink_file.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

// All threads of a store at once, in a real directory: two that submit, committer, preparer and
// sealer with its retention, and three sinks that read and say how far they are. Each sink has to
// see every event once, in order, before retention removes it. Above all for the thread sanitizer.

namespace tally::tests {
namespace {

constexpr std::uint64_t kBatches = 250;  // Of each submitter.
constexpr std::uint64_t kBatch = 4;
constexpr std::uint64_t kSubmitters = 2;
constexpr std::uint64_t kEvents = kSubmitters * kBatches * kBatch;

/// Segments are removed as soon as no sink needs them.
store::StoreOptions tight_options(const store::Path& directory) {
  store::StoreOptions options;
  options.directory = directory;
  options.file_bytes = 64 * 1024;
  options.file_events_max = 100;
  options.retention.bytes_max = 1;
  return options;
}

void submit_all(store::Store& store, const Clock& clock, std::uint64_t submitter) {
  for (std::uint64_t batch = 0; batch < kBatches; ++batch) {
    std::vector<std::string> lines;
    for (std::uint64_t i = 0; i < kBatch; ++i) {
      lines.push_back(event_line((submitter * kBatches + batch) * kBatch + i));
    }
    ASSERT_TRUE(submit_and_wait(store, make_batch(lines, clock.now())));
  }
}

/// Reads from the first event to the last; `chunks` a cursor, then another one takes over. Returns
/// the events as it got them.
std::vector<std::string> ship_all(const store::Path& directory, const store::StoreId& id,
                                  const std::string& name, int chunks) {
  store::PosixFileSystem files;
  std::vector<std::string> got;
  while (got.size() < kEvents && !testing::Test::HasFailure()) {
    auto cursor = store::Cursor::open(files, directory, advance(kFirstSequence, got.size()));
    EXPECT_TRUE(cursor) << to_string(cursor.error());
    for (int i = 0; cursor && i < chunks && got.size() < kEvents; ++i) {
      const auto chunk = cursor.value().next();
      EXPECT_TRUE(chunk && cursor.value().corrupt().empty());
      if (!chunk) break;
      if (!chunk.value()) {
        cursor.value().wait(std::chrono::seconds{10});
        continue;
      }
      EXPECT_EQ(to_number(chunk.value()->first), got.size() + 1);
      for (std::string& line : split_lines(chunk.value()->lines)) got.push_back(std::move(line));
      const Sequence next = advance(kFirstSequence, got.size());
      EXPECT_TRUE(put_sink_file(files, store::StorePaths(directory), id, name, next));
    }
  }
  return got;
}

void expect_each_event_once(const std::vector<std::string>& got) {
  std::vector<std::string> expected;
  for (std::uint64_t number = 0; number < kEvents; ++number) {
    expected.push_back(event_line(number));
  }
  std::vector<std::string> sorted = got;
  std::ranges::sort(sorted);
  std::ranges::sort(expected);
  EXPECT_EQ(sorted, expected);
}

TEST(BusyStore, SinksGetEveryEventBeforeItIsRemoved) {
  spdlog::set_level(spdlog::level::off);
  const TemporaryDirectory directory;
  const store::Path data = directory.path() / "data";
  store::PosixFileSystem files;
  const SystemClock clock;
  auto store = std::move(store::Store::open(files, clock, tight_options(data))).value();
  const std::vector<std::string> names{"kafka", "loki", "mirror"};
  std::vector<std::vector<std::string>> got(names.size());
  for (const std::string& name : names) {
    ASSERT_TRUE(put_sink_file(files, store::StorePaths(data), store->id(), name, kFirstSequence));
  }
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const int chunks = i == 0 ? 1'000'000 : static_cast<int>(20 * i);
      threads.emplace_back(
          [&, i, chunks] { got[i] = ship_all(data, store->id(), names[i], chunks); });
    }
    for (std::uint64_t i = 0; i < kSubmitters; ++i) {
      threads.emplace_back([&, i] { submit_all(*store, clock, i); });
    }
  }
  expect_each_event_once(got[0]);
  EXPECT_EQ(got[1], got[0]);
  EXPECT_EQ(got[2], got[0]);
  std::promise<Result<void>> sealed;
  store->seal([&](const Result<void>& result) { sealed.set_value(result); });
  EXPECT_TRUE(sealed.get_future().get());
  const store::SealStats stats = store->stats().seal;
  EXPECT_EQ(stats.segments, 0U) << "all sinks have got all";
  EXPECT_GE(stats.retention.segments_removed, kEvents / 100);
  EXPECT_EQ(stats.failures, 0U);
}

}  // namespace
}  // namespace tally::tests
