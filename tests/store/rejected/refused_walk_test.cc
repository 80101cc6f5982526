#include "store/rejected/refused_walk.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fault_file_system.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

using store::RefusedEvent;
using store::RefusedWalk;

class RefusedWalkTest : public testing::Test {
 protected:
  void open() {
    store::StoreOptions options;
    options.directory = paths_.directory;
    options.file_bytes = 64 * 1024;
    store_ = std::make_unique<SealingStore>(
        std::move(SealingStore::open(files_, clock_, options)).value());
  }

  /// Commits refused events of these clients, each of its own.
  void refuse(const std::vector<std::string>& clients) {
    store::Batch batch;
    for (const std::string& client : clients) {
      RefusedEvent event;
      event.reason = "line 1: not JSON";
      event.client = client;
      event.bytes = "refused " + std::to_string(refused_.size());
      event.length = event.bytes.size();
      event.received = clock_.now();
      refused_.push_back(event);
      batch.refused.push_back(event);
    }
    const store::Batch* group = &batch;
    ASSERT_TRUE(store_->journal->commit({&group, 1}));
  }

  void rotate() { ASSERT_TRUE(store_->journal->rotate()); }

  std::vector<RefusedEvent> read() {
    return read(std::move(RefusedWalk::open(files_, "/store")).value());
  }

  std::vector<RefusedEvent> read(RefusedWalk walk) {
    std::vector<RefusedEvent> all;
    while (true) {
      auto events = walk.next();
      EXPECT_TRUE(events) << to_string(events.error());
      if (!events || !events.value()) break;
      EXPECT_FALSE(events.value()->empty());
      all.insert(all.end(), events.value()->begin(), events.value()->end());
    }
    EXPECT_TRUE(walk.corrupt().empty());
    return all;
  }

  FaultFileSystem files_;
  ManualClock clock_;
  store::StorePaths paths_{"/store"};
  std::unique_ptr<SealingStore> store_;
  std::vector<RefusedEvent> refused_;
};

TEST_F(RefusedWalkTest, GivesWhatIsSealedAndThenWhatIsNotInOrder) {
  open();
  EXPECT_TRUE(read().empty());
  for (int file = 0; file < 6; ++file) {
    refuse({"a", "b", "a", "a"});
    refuse({"b"});
    if (file == 3) store_->seal_all(files_);
    rotate();
    EXPECT_EQ(read(), refused_);
  }
  EXPECT_EQ(files_.list(paths_.rejected()).value().size(), 3U);
}

TEST_F(RefusedWalkTest, FindsInRejectedWhatIsSealedUnderIt) {
  open();
  for (int file = 0; file < 3; ++file) {
    refuse({"a", "b"});
    rotate();
  }
  RefusedWalk walk = std::move(RefusedWalk::open(files_, "/store")).value();
  store_->seal_all(files_);
  EXPECT_EQ(read(std::move(walk)), refused_);
}

TEST_F(RefusedWalkTest, TellsOfADamagedFileAndGivesTheOthers) {
  open();
  for (int file = 0; file < 3; ++file) {
    refuse({"a"});
    rotate();
  }
  store_->seal_all(files_);
  {
    const auto file =
        std::move(files_.open(paths_.rejected_file(2), store::OpenMode::write)).value();
    const std::string_view part = "damage";
    ASSERT_TRUE(file->write_at(50, {&part, 1}));
  }
  RefusedWalk walk = std::move(RefusedWalk::open(files_, "/store")).value();
  EXPECT_EQ(walk.next().value()->front(), refused_[0]);
  EXPECT_EQ(walk.next().value()->front(), refused_[2]);
  EXPECT_FALSE(walk.next().value());
  ASSERT_EQ(walk.corrupt().size(), 1U);
  EXPECT_EQ(walk.corrupt()[0].path, paths_.rejected_file(2));
}

TEST_F(RefusedWalkTest, SaysThatThereIsNoStore) {
  const auto walk = RefusedWalk::open(files_, "/none");
  ASSERT_FALSE(walk);
  EXPECT_EQ(walk.error().code, Errc::not_found);
}

}  // namespace
}  // namespace tally::tests
