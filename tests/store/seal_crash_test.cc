#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <random>
#include <vector>

#include "store/manifest/manifest.h"
#include "store/store_listing.h"
#include "tests/support/crash_sweep.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/promised_events.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

// Goal: as that of the journal's crash test, over the life that goes on from there: whatever single
// operation of sealing fails, is cut, or is followed by a power cut, readers find every
// acknowledged event once, in order, byte for byte, and every refused one, wherever each is at the
// moment. Method: one scripted life (commits, rotations, sealing, a clean reopening) is run once
// for every operation and every way to fail; what was answered is kept in a plain list.

namespace tally::tests {
namespace {

const store::Path kDirectory = "/store";
constexpr int kOpenings = 2;
constexpr int kCommits = 6;

store::StoreOptions small_options() {
  store::StoreOptions options;
  options.directory = kDirectory;
  options.file_bytes = 16 * 1024;
  options.file_events_max = 8;
  return options;
}

/// The life that the faults hit; how many files it sealed.
int live(FaultFileSystem& files, std::uint64_t seed, Promises& promises) {
  std::mt19937_64 random(seed);
  ManualClock clock;
  std::uint64_t number = 1;
  int sealed = 0;
  for (int opening = 0; opening < kOpenings; ++opening) {
    auto store = SealingStore::open(files, clock, small_options());
    if (!store) return sealed;
    for (int i = 0; i < kCommits; ++i) {
      clock.time += std::chrono::seconds{1};
      commit(*store.value().journal, make_group(random, number, clock), promises);
      if (i % 3 == 2) sealed += store.value().seal_all(files);
    }
  }
  return sealed;
}

/// Opens what the crash left, compares, seals it all, and compares again, also after another crash.
void reopen_and_compare(FaultFileSystem& files, Promises promises, std::mt19937_64& random) {
  ManualClock clock;
  clock.time += std::chrono::hours{1};
  std::uint64_t number = 1'000'000;
  {
    auto store = SealingStore::open(files, clock, small_options());
    ASSERT_TRUE(store) << to_string(store.error());
    store::Journal& journal = *store.value().journal;
    ASSERT_NO_FATAL_FAILURE(compare(files, kDirectory, journal, promises));
    ASSERT_TRUE(commit(journal, make_group(random, number, clock), promises));
    ASSERT_TRUE(journal.rotate());
    store.value().seal_all(files);
    ASSERT_EQ(store::read_manifest(files, store.value().paths).value().manifest,
              store.value().manifest());
    ASSERT_EQ(store::list_journals(files, store.value().paths).value().size(), 1U);
    ASSERT_NO_FATAL_FAILURE(compare(files, kDirectory, journal, promises));
  }
  files.crash(random);
  auto store = SealingStore::open(files, clock, small_options());
  ASSERT_TRUE(store) << to_string(store.error());
  ASSERT_NO_FATAL_FAILURE(compare(files, kDirectory, *store.value().journal, promises));
}

class SealCrash : public testing::TestWithParam<Way> {
 protected:
  // Thousands of failures on purpose: their log lines would hide the one that matters.
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
};

TEST_P(SealCrash, KeepsEveryPromiseWhicheverOperationFails) {
  const std::uint64_t seed = 20260125;
  std::vector<Operation> operations;
  {
    FaultFileSystem files;
    Promises promises;
    ASSERT_GE(live(files, seed, promises), 4);
    operations = files.trace();
    ASSERT_FALSE(promises.refused.empty());
  }
  const CrashedLife life{
      [&](FaultFileSystem& files, Promises& promises) { live(files, seed, promises); },
      reopen_and_compare};
  // A crash at what changes nothing is one at the next that does.
  const bool skip_reads = GetParam().kind != FaultKind::io;
  for (std::uint64_t at = 1; at <= operations.size() + 1; ++at) {
    const bool changes = at > operations.size() || changes_storage(operations[at - 1].kind);
    if (skip_reads && !changes) continue;
    ASSERT_NO_FATAL_FAILURE(fail_and_compare(life, GetParam(), at, 2, seed));
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, SealCrash, testing::ValuesIn(kWays),
                         [](const auto& way) { return test_name(way.param); });

}  // namespace
}  // namespace tally::tests
