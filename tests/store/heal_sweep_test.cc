#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "store/manifest/manifest.h"
#include "store/reader_lock.h"
#include "store/retention.h"
#include "store/store_listing.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/promised_events.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

// Goal: whatever operation a full, failing or read-only disk or a lack of file descriptors hits
// first, and whether one operation fails or all for some time: the process that lives on loses
// nothing that it acknowledged, and once the trouble is over, it takes and seals events as if
// nothing had been. Method: one scripted life (commits, rotations, zeros written ahead, sealing,
// refused events, retention) is run once for every operation of it and every trouble; what was
// answered is kept in a plain list.

namespace tally::tests {
namespace {

const store::StorePaths kPaths{"/store"};
constexpr int kSteps = 8;
constexpr std::uint64_t kSeed = 20260127;

struct Trouble {
  std::string_view name;
  FaultKind kind;
  /// Steps of the life after the one that was hit first, in which everything fails; none: only the
  /// one operation does.
  std::optional<int> steps;
};

constexpr std::array kTroubles{
    Trouble{"ENOSPC_once", FaultKind::no_space, std::nullopt},
    Trouble{"ENOSPC_for_long", FaultKind::no_space, 3},
    Trouble{"EIO_once", FaultKind::io, std::nullopt},
    Trouble{"EIO_for_a_step", FaultKind::io, 0},
    Trouble{"EIO_for_long", FaultKind::io, 3},
    Trouble{"EROFS_for_long", FaultKind::read_only, 3},
    Trouble{"EMFILE_once", FaultKind::descriptors, std::nullopt},
    Trouble{"EMFILE_for_long", FaultKind::descriptors, 3},
};

void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }

/// A store whose every piece of work is called by the test.
class TroubledStore {
 public:
  explicit TroubledStore(FaultFileSystem& files) : files_(files) {
    store::StoreOptions options;
    options.directory = kPaths.directory;
    options.file_bytes = 16 * 1024;
    options.file_events_max = 8;
    options.rejected_bytes_max = 2048;
    auto opened = SealingStore::open(files_, clock_, options);
    EXPECT_TRUE(opened) << to_string(opened.error());
    store_.emplace(std::move(opened).value());
    auto lock = std::move(store::RemovalLock::open(files_, kPaths)).value();
    retention_.emplace(files_, kPaths, std::move(lock),
                       store::RetentionLimits{std::nullopt, 4096, false});
  }

  bool commit(Promises& promises) {
    clock_.time += std::chrono::seconds{1};
    (void)store_->journal->prepare_spare();
    return tests::commit(*store_->journal, make_group(random_, number_, clock_), promises);
  }

  void step(int index, Promises& promises) {
    commit(promises);
    if (index % 3 == 2) store_->seal_all(files_);
    if (index % 4 == 3) (void)retain();
  }

  Result<void> retain() {
    return retention_->apply(*store_->writer, clock_.now(), store::HeldByReader::stays);
  }

  SealingStore& parts() { return *store_; }

 private:
  FaultFileSystem& files_;
  ManualClock clock_;
  std::mt19937_64 random_{kSeed};
  std::uint64_t number_ = 1;
  std::optional<SealingStore> store_;
  std::optional<store::Retention> retention_;
};

/// The events that retention has left, as readers see it, and the refused events that there is room
/// for.
void expect_kept(FaultFileSystem& files, const Promises& promises) {
  const Sequence first = store::read_manifest(files, kPaths).value().manifest.removed.first;
  const auto found = read_store(files, kPaths.directory, first);
  ASSERT_TRUE(found) << to_string(found.error());
  ASSERT_TRUE(found.value().corrupt.empty()) << found.value().corrupt[0].path;
  const auto begin = promises.lines.begin() + static_cast<std::ptrdiff_t>(to_number(first) - 1);
  ASSERT_EQ(found.value().lines, std::vector<std::string>(begin, promises.lines.end()));
  std::vector<std::string> refused;
  for (const store::RefusedEvent& event : found.value().refused) refused.push_back(event.bytes);
  ASSERT_LE(refused.size(), promises.refused.size());
  ASSERT_TRUE(std::equal(refused.rbegin(), refused.rend(), promises.refused.rbegin()));
}

/// The trouble is over: everything succeeds, with the same objects.
void expect_healed(FaultFileSystem& files, TroubledStore& store, Promises& promises) {
  ASSERT_TRUE(store.commit(promises));
  SealingStore& parts = store.parts();
  ASSERT_TRUE(parts.journal->rotate());
  ASSERT_TRUE(store.commit(promises));
  ASSERT_NO_FATAL_FAILURE(expect_kept(files, promises));
  parts.seal_all(files);
  ASSERT_EQ(store::list_journals(files, kPaths).value().size(), 1U);
  ASSERT_TRUE(store.retain());
  ASSERT_EQ(store::read_manifest(files, kPaths).value().manifest, parts.manifest());
  ASSERT_NO_FATAL_FAILURE(expect_kept(files, promises));
  ASSERT_FALSE(files.exists(kPaths.segment_draft()).value());
  ASSERT_FALSE(files.exists(kPaths.rejected_draft()).value());
}

/// Lives on through a trouble that begins with operation `at` of the life.
void live_through(const Trouble& trouble, std::uint64_t at) {
  FaultFileSystem files;
  Promises promises;
  {
    TroubledStore store(files);
    const std::uint64_t begin = files.operations() + at;
    files.set_fault(Fault{.kind = trouble.kind, .at = at, .lasting = trouble.steps.has_value()});
    int steps_left = trouble.steps.value_or(0);
    for (int index = 0; index < kSteps; ++index) {
      store.step(index, promises);
      if (files.operations() >= begin && steps_left-- == 0) files.set_fault(std::nullopt);
    }
    files.set_fault(std::nullopt);
    ASSERT_NO_FATAL_FAILURE(expect_healed(files, store, promises));
  }
  std::mt19937_64 random(kSeed + at);
  files.crash(random);
  TroubledStore store(files);
  ASSERT_NO_FATAL_FAILURE(expect_kept(files, promises));
}

class HealSweep : public testing::TestWithParam<Trouble> {
 protected:
  // Thousands of failures on purpose: their log lines would hide the one that matters.
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
};

TEST_P(HealSweep, TheProcessGoesOnAndHasAllThatItAcknowledged) {
  std::vector<Operation> life;
  {
    FaultFileSystem files;
    TroubledStore store(files);
    const auto opening = static_cast<std::ptrdiff_t>(files.operations());
    Promises promises;
    for (int index = 0; index < kSteps; ++index) store.step(index, promises);
    const auto trace = files.trace();
    life.assign(trace.begin() + opening, trace.end());
    ASSERT_GT(store.parts().manifest().removed.through, 0U) << "retention is part of the life";
    ASSERT_FALSE(promises.refused.empty());
  }
  for (std::uint64_t at = 1; at <= life.size(); ++at) {
    if (!harms(GetParam().kind, life[at - 1])) continue;  // The same as the next one that it harms.
    SCOPED_TRACE(testing::Message()
                 << "operation " << at << ": " << to_string(life[at - 1]) << ", seed " << kSeed);
    ASSERT_NO_FATAL_FAILURE(live_through(GetParam(), at));
  }
}

INSTANTIATE_TEST_SUITE_P(Troubles, HealSweep, testing::ValuesIn(kTroubles),
                         [](const auto& trouble) { return std::string(trouble.param.name); });

}  // namespace
}  // namespace tally::tests
