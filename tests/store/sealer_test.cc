#include "store/sealer.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/journal/journal.h"
#include "store/store.h"
#include "store/store_listing.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

using store::Store;

/// A whole store with its threads, on a file system in memory that can fail.
class SealerTest : public testing::Test {
 protected:
  SealerTest() { options_.directory = "/store"; }

  std::unique_ptr<Store> open() {
    options_.file_bytes = 64 * 1024;
    options_.file_events_max = 10;
    auto opened = Store::open(files_, clock_, options_);
    EXPECT_TRUE(opened) << to_string(opened.error());
    return opened ? std::move(opened).value() : nullptr;
  }

  void commit(Store& store, int batches) {
    for (int i = 0; i < batches; ++i) {
      std::vector<std::string> lines;
      for (int n = 0; n < 4; ++n) lines.push_back(event_line(++last_));
      ASSERT_TRUE(submit_and_wait(store, make_batch(lines, clock_.now())));
    }
  }

  static Result<void> seal(Store& store) {
    std::promise<Result<void>> answered;
    store.seal([&](const Result<void>& result) { answered.set_value(result); });
    return answered.get_future().get();
  }

  std::vector<std::uint64_t> journals() { return store::list_journals(files_, paths_).value(); }

  void expect_all_there() {
    const auto found = read_store(files_, paths_.directory);
    ASSERT_TRUE(found) << to_string(found.error());
    ASSERT_EQ(found.value().lines.size(), last_);
    for (std::uint64_t i = 0; i < last_; ++i) ASSERT_EQ(found.value().lines[i], event_line(i + 1));
    EXPECT_TRUE(found.value().corrupt.empty());
  }

  FaultFileSystem files_;
  ManualClock clock_;
  store::StoreOptions options_;
  store::StorePaths paths_{"/store"};
  std::uint64_t last_ = 0;
};

TEST_F(SealerTest, SealsAllThatIsCommittedOnRequest) {
  auto store = open();
  commit(*store, 6);
  ASSERT_TRUE(seal(*store));
  EXPECT_EQ(journals().size(), 1U);
  EXPECT_EQ(store->stats().seal.segments, 3U);
  EXPECT_GT(store->stats().seal.segment_bytes, 0U);
  EXPECT_EQ(store->stats().seal.backlog_files, 0U);
  expect_all_there();
  commit(*store, 1);
  ASSERT_TRUE(seal(*store));
  ASSERT_TRUE(seal(*store)) << "with nothing to do";
  EXPECT_EQ(store->stats().seal.segments, 4U);
  expect_all_there();
}

TEST_F(SealerTest, BeginsWithWhatAnotherProcessLeft) {
  {
    auto journal = std::move(store::Journal::open(files_, clock_,
                                                  [this] {
                                                    options_.file_events_max = 4;
                                                    options_.file_bytes = 64 * 1024;
                                                    return options_;
                                                  }()))
                       .value();
    for (int i = 0; i < 5; ++i) {
      const store::Batch batch = make_batch({event_line(++last_)}, clock_.now());
      const store::Batch* group = &batch;
      ASSERT_TRUE(journal->commit({&group, 1}));
      ASSERT_TRUE(journal->rotate());
    }
  }
  auto store = open();
  ASSERT_TRUE(seal(*store));
  EXPECT_EQ(store->stats().seal.segments, 5U);
  EXPECT_EQ(journals().size(), 1U);
  expect_all_there();
}

TEST_F(SealerTest, LosesNothingOnAFullDiskAndGoesOnWhenThereIsRoom) {
  spdlog::set_level(spdlog::level::off);
  auto store = open();
  commit(*store, 4);
  ASSERT_TRUE(seal(*store));
  commit(*store, 6);
  files_.set_fault(Fault{.kind = FaultKind::no_space, .lasting = true, .among = [](const auto& op) {
                           return op.path.native().find("/segments/") != std::string::npos;
                         }});
  const auto refused = seal(*store);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::no_space);
  EXPECT_GE(store->stats().seal.failures, 1U);
  EXPECT_FALSE(files_.exists(paths_.segment_draft()).value());
  expect_all_there();
  commit(*store, 1);
  files_.set_fault(std::nullopt);
  ASSERT_TRUE(seal(*store));
  EXPECT_EQ(journals().size(), 1U);
  expect_all_there();
}

TEST_F(SealerTest, LeavesADamagedFileAndSealsTheOthers) {
  spdlog::set_level(spdlog::level::off);
  options_.file_events_max = 4;
  {
    auto journal = std::move(store::Journal::open(files_, clock_, options_)).value();
    for (int i = 0; i < 4; ++i) {
      const store::Batch batch = make_batch({event_line(++last_)}, clock_.now());
      const store::Batch* group = &batch;
      ASSERT_TRUE(journal->commit({&group, 1}));
      ASSERT_TRUE(journal->rotate());
    }
    const auto file =
        std::move(files_.open(paths_.journal_file(2), store::OpenMode::write)).value();
    const std::string_view part = "damage";
    ASSERT_TRUE(file->write_at(file->size().value() - 20, {&part, 1}));
  }
  auto store = open();
  const auto sealed = seal(*store);
  if (!sealed) {
    EXPECT_EQ(sealed.error().code, Errc::corruption);
  }
  EXPECT_EQ(journals(), (std::vector<std::uint64_t>{2, 5}));
  EXPECT_EQ(store->stats().seal.segments, 3U);
  EXPECT_EQ(store->stats().seal.damaged_files, 1U);
  ASSERT_TRUE(seal(*store)) << "it was told once";
  const auto found = read_store(files_, paths_.directory).value();
  EXPECT_EQ(found.lines, (std::vector{event_line(1), event_line(3), event_line(4)}));
  ASSERT_EQ(found.corrupt.size(), 1U);
  EXPECT_EQ(to_number(found.corrupt[0].first_lost), 2U);
}

TEST_F(SealerTest, LeavesAFileThatCannotBeReadAndSealsTheOthers) {
  spdlog::set_level(spdlog::level::off);
  auto store = open();
  files_.set_fault(Fault{.kind = FaultKind::io, .lasting = true, .among = [](const auto& op) {
                           return op.kind == OperationKind::read &&
                                  op.path.native().ends_with("/00000002.jsonl.zst");
                         }});
  commit(*store, 12);
  const auto sealed = seal(*store);
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().code, Errc::io);
  // The file before it needs its header, to know where it ends itself.
  EXPECT_EQ(journals(), (std::vector<std::uint64_t>{1, 2, 7}));
  EXPECT_EQ(store->stats().seal.segments, 4U);
  EXPECT_EQ(store->stats().seal.damaged_files, 2U);
  files_.set_fault(std::nullopt);
  ASSERT_TRUE(seal(*store));
  EXPECT_EQ(journals().size(), 1U);
  EXPECT_EQ(store->stats().seal.damaged_files, 0U);
  expect_all_there();
}

TEST_F(SealerTest, AnswersARequestThatTheEndOfTheStoreCutsShort) {
  std::atomic<int> answers = 0;
  {
    auto store = open();
    commit(*store, 20);
    for (int i = 0; i < 3; ++i) store->seal([&](const Result<void>&) { ++answers; });
  }
  EXPECT_EQ(answers, 3);
  {
    auto store = open();
    store->close();
    store->seal([&](const Result<void>& result) { answers += result ? 100 : 1; });
  }
  EXPECT_EQ(answers, 4);
}

TEST_F(SealerTest, CommitsGoOnWhileItSeals) {
  auto store = open();
  for (int i = 0; i < 60; ++i) {
    commit(*store, 1);
    if (i % 10 == 5) store->seal([](const Result<void>& result) { EXPECT_TRUE(result); });
  }
  ASSERT_TRUE(seal(*store));
  EXPECT_EQ(journals().size(), 1U);
  expect_all_there();
}

TEST_F(SealerTest, RefusesToBeginAnewWhereTheJournalIsMissing) {
  {
    auto store = open();
    commit(*store, 4);
    ASSERT_TRUE(seal(*store));
  }
  const auto names = files_.list(paths_.journal()).value();
  for (const std::string& name : names) ASSERT_TRUE(files_.remove(paths_.journal() / name));
  const auto again = Store::open(files_, clock_, options_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::corruption);
}

}  // namespace
}  // namespace tally::tests
