#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <random>

#include "store/journal/journal.h"
#include "tests/support/crash_sweep.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/promised_events.h"
#include "tests/support/store_harness.h"

// Goal: whatever single operation fails, is cut, or is followed by a power cut, an acknowledged
// event is present once, in order, byte for byte; an unanswered group is present whole or absent;
// nothing else is there. Method: one scripted life of a journal (commits, rotations, spares, a
// clean reopening) is run once for every operation it asks of the file system and every way to
// fail; what was answered is kept in a plain list, and compared with what is found after reopening.

namespace tally::tests {
namespace {

using store::Journal;
using store::StoreOptions;

const store::Path kDirectory = "/store";

StoreOptions small_options() {
  StoreOptions options;
  options.directory = kDirectory;
  options.file_bytes = 16 * 1024;
  options.file_events_max = 12;
  return options;
}

constexpr int kOpenings = 2;
constexpr int kCommits = 9;
constexpr std::uint64_t kRotationsMin = 2;  // In each opening.

/// What a life came to.
struct Life {
  int commits = 0;                       ///< that succeeded
  std::vector<std::uint64_t> rotations;  ///< in each opening, beyond the file it began with
};

/// The life that the faults hit. Ends early where the journal cannot even be opened.
Life live(FaultFileSystem& files, std::uint64_t seed, Promises& promises) {
  std::mt19937_64 random(seed);
  ManualClock clock;
  std::uint64_t number = 1;
  Life life;
  for (int opening = 0; opening < kOpenings; ++opening) {
    auto journal = Journal::open(files, clock, small_options());
    if (!journal) return life;
    const std::uint64_t first_file = journal.value()->file_number();
    for (int i = 0; i < kCommits; ++i) {
      clock.time += std::chrono::seconds{1};
      life.commits += commit(*journal.value(), make_group(random, number, clock), promises);
      if (i % 3 == 2) (void)journal.value()->prepare_spare();
    }
    life.rotations.push_back(journal.value()->file_number() - first_file);
  }
  return life;
}

/// Opens what the crash left, compares, goes on, and compares again after a second crash.
void reopen_and_compare(FaultFileSystem& files, Promises promises, std::mt19937_64& random) {
  ManualClock clock;
  clock.time += std::chrono::hours{1};
  std::uint64_t number = 1'000'000;
  {
    auto journal = Journal::open(files, clock, small_options());
    ASSERT_TRUE(journal) << to_string(journal.error());
    ASSERT_TRUE(journal.value()->recovery().corrupt.empty());
    ASSERT_NO_FATAL_FAILURE(compare(files, kDirectory, *journal.value(), promises));
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(commit(*journal.value(), make_group(random, number, clock), promises));
    }
  }
  files.crash(random);
  auto journal = Journal::open(files, clock, small_options());
  ASSERT_TRUE(journal) << to_string(journal.error());
  ASSERT_NO_FATAL_FAILURE(compare(files, kDirectory, *journal.value(), promises));
}

class JournalCrash : public testing::TestWithParam<Way> {
 protected:
  // Thousands of failures on purpose: their log lines would hide the one that matters.
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
};

TEST_P(JournalCrash, KeepsEveryPromiseWhicheverOperationFails) {
  const std::uint64_t seed = 20260123;
  std::uint64_t operations = 0;
  {
    FaultFileSystem files;
    Promises promises;
    const Life life = live(files, seed, promises);
    operations = files.operations();
    ASSERT_EQ(life.commits, kOpenings * kCommits);
    for (const std::uint64_t rotations : life.rotations) ASSERT_GE(rotations, kRotationsMin);
  }
  ASSERT_GT(operations, 100U);
  const CrashedLife life{
      [&](FaultFileSystem& files, Promises& promises) { live(files, seed, promises); },
      reopen_and_compare};
  for (std::uint64_t at = 1; at <= operations + 1; ++at) {
    ASSERT_NO_FATAL_FAILURE(fail_and_compare(life, GetParam(), at, 4, seed));
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, JournalCrash, testing::ValuesIn(kWays),
                         [](const auto& way) { return test_name(way.param); });

}  // namespace
}  // namespace tally::tests
