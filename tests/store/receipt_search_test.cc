#include "store/receipt_search.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/event/event_lines.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

using std::chrono::minutes;
using store::first_received_from;

/// When each event of the store came in.
std::map<Sequence, UtcTime> receipts(store::FileSystem& files, const store::Path& directory) {
  std::map<Sequence, UtcTime> times;
  auto cursor = store::Cursor::open(files, directory).value();
  while (const auto chunk = cursor.next().value()) {
    store::for_each_line(*chunk, [&](const store::EventLine& event) {
      times[event.sequence] = event.run->received;
      return true;
    });
  }
  return times;
}

class ReceiptSearch : public testing::Test {
 protected:
  void open() {
    store::StoreOptions options;
    options.directory = "data";
    options.file_bytes = 64 * 1024;
    options.file_events_max = 10;
    store = std::move(SealingStore::open(files, clock, options)).value();
  }

  /// Five events that come in so long after those before them. What they state is hours away.
  void add(std::chrono::nanoseconds after) {
    clock.time += after;
    std::vector<std::string> lines;
    for (int i = 0; i < 5; ++i) {
      ++number;
      lines.push_back(timed_event_line(number, clock.now() - minutes(1 + 60 * (number % 3))));
    }
    const store::Batch batch = make_batch(lines, clock.now());
    const store::Batch* const group[] = {&batch};
    ASSERT_TRUE(store->journal->commit(group));
  }

  /// Whatever the time: no event before the place came in at it or later. How many are passed over.
  std::uint64_t passed_over(UtcTime time) {
    const Sequence first = first_received_from(files, store::StorePaths("data"), time).value();
    for (const auto& [sequence, received] : receipts(files, "data")) {
      EXPECT_TRUE(sequence >= first || received < time) << to_number(sequence);
    }
    return distance(kFirstSequence, first);
  }

  FaultFileSystem files;
  ManualClock clock;
  const UtcTime began = clock.now();
  std::optional<SealingStore> store;
  std::uint64_t number = 0;
};

TEST_F(ReceiptSearch, PassesOverFilesThatEndBefore) {
  open();
  for (int i = 0; i < 12; ++i) add(minutes(1));
  for (const bool sealed : {false, true}) {
    const int files_sealed = sealed ? store->seal_all(files) : 4;
    ASSERT_GT(files_sealed, 3);
    EXPECT_EQ(passed_over(began), 0U) << sealed;
    EXPECT_GE(passed_over(began + minutes(8)), 30U) << sealed;
    EXPECT_GE(passed_over(began + minutes(13)), 50U) << sealed;
    for (int half = 0; half < 28; ++half) passed_over(began + half * std::chrono::seconds(30));
  }
}

TEST_F(ReceiptSearch, AClockThatWasPutBackHidesNothing) {
  open();
  for (int i = 0; i < 4; ++i) add(minutes(1));
  add(-std::chrono::hours(3));
  for (int i = 0; i < 4; ++i) add(minutes(1));
  store->seal_all(files);
  for (int i = -200; i < 10; ++i) passed_over(began + minutes(i));
}

TEST_F(ReceiptSearch, OfNothingIsTheBeginning) {
  EXPECT_EQ(first_received_from(files, store::StorePaths("data"), began).value(), kFirstSequence);
}

}  // namespace
}  // namespace tally::tests
