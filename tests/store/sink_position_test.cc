#include "store/sink_position.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "store/sink_cursors.h"
#include "store/sink_orders.h"
#include "tests/support/fault_file_system.h"

namespace tally::tests {
namespace {

using store::SinkPosition;
using store::SinkState;

class SinkPositionTest : public testing::Test {
 protected:
  Result<SinkPosition> open(store::FileSystem& files, const std::string& name = "loki") {
    return SinkPosition::open(files, paths_, store_, name);
  }

  std::optional<SinkState> state(store::FileSystem& files) {
    auto position = open(files);
    EXPECT_TRUE(position) << to_string(position.error());
    return position.value().state();
  }

  FaultFileSystem files_;
  store::StorePaths paths_{"/store"};
  store::StoreId store_ = store::StoreId::random();
};

TEST_F(SinkPositionTest, IsKept) {
  {
    auto position = open(files_).value();
    EXPECT_EQ(position.state(), std::nullopt);
    ASSERT_TRUE(position.save({Sequence{7}, "12 3"}));
    ASSERT_TRUE(position.save({Sequence{9}, ""}));
    EXPECT_EQ(position.state(), (SinkState{Sequence{9}, ""}));
    ASSERT_TRUE(position.save({Sequence{12}, "a note"}));
  }
  EXPECT_EQ(state(files_), (SinkState{Sequence{12}, "a note"}));
  const auto cursors = store::read_sink_cursors(files_, paths_, store_).value();
  EXPECT_EQ(cursors, (std::vector<store::SinkCursor>{{"loki", Sequence{12}}}));
}

TEST_F(SinkPositionTest, IsHadByOneAtATime) {
  auto first = open(files_);
  const auto second = open(files_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::held);
  EXPECT_NE(second.error().context.find("process"), std::string::npos);
  EXPECT_TRUE(open(files_, "kafka"));
  first = open(files_, "another");
  EXPECT_TRUE(open(files_));
}

TEST_F(SinkPositionTest, OfAnotherStoreIsNone) {
  ASSERT_TRUE(open(files_).value().save({Sequence{7}, ""}));
  store_ = store::StoreId::random();
  EXPECT_EQ(state(files_), std::nullopt);
}

TEST_F(SinkPositionTest, WhatIsNoCursorIsNotTakenForOne) {
  ASSERT_TRUE(open(files_).value().save({Sequence{7}, ""}));
  const auto file =
      std::move(files_.open(paths_.cursors() / "loki", store::OpenMode::write)).value();
  ASSERT_TRUE(file->truncate(10));
  const auto position = open(files_);
  ASSERT_FALSE(position);
  EXPECT_EQ(position.error().code, Errc::corruption);
}

TEST_F(SinkPositionTest, RefusesNamesAndNotesThatWouldNotBeReadBack) {
  for (const char* const name : {"", "a.b", "a/b", "..", "a b"}) {
    EXPECT_EQ(open(files_, name).error().code, Errc::invalid) << name;
  }
  auto position = open(files_).value();
  EXPECT_EQ(position.save({Sequence{7}, "two\nlines"}).error().code, Errc::invalid);
  EXPECT_EQ(position.save({Sequence{7}, std::string(513, 'x')}).error().code, Errc::invalid);
}

TEST_F(SinkPositionTest, ACrashAnywhereLeavesOneOfTheTwo) {
  const SinkState before{Sequence{7}, "before"};
  const SinkState after{Sequence{8}, "after"};
  ASSERT_TRUE(open(files_).value().save(before));
  std::mt19937_64 random(20261128);
  for (std::uint64_t at = 1, down = true; down; ++at) {
    const auto world = files_.after_crash(random);
    bool saved = false;
    {
      auto position = open(*world).value();
      world->set_fault(Fault{.kind = FaultKind::crash, .at = at});
      saved = position.save(after).has_value();
    }
    down = world->down();
    EXPECT_NE(saved, down);
    for (int i = 0; i < 8; ++i) {
      const auto found = state(*world->after_crash(random));
      EXPECT_TRUE(found == after || (!saved && found == before)) << "operation " << at;
    }
  }
}

TEST_F(SinkPositionTest, OrdersAreLeftAndTakenBack) {
  store::SinkOrders orders(files_, paths_, "loki");
  EXPECT_EQ(orders.paused().value(), std::nullopt);
  EXPECT_EQ(orders.rewind().value(), std::nullopt);
  EXPECT_FALSE(orders.replay().value());
  ASSERT_TRUE(orders.resume());
  ASSERT_TRUE(orders.pause("maintenance"));
  ASSERT_TRUE(orders.set_rewind(Sequence{42}));
  ASSERT_TRUE(orders.set_replay());
  EXPECT_EQ(orders.paused().value(), "maintenance");
  EXPECT_EQ(orders.rewind().value(), Sequence{42});
  EXPECT_TRUE(orders.replay().value());
  EXPECT_TRUE(store::read_sink_cursors(files_, paths_, store_).value().empty());
  ASSERT_TRUE(orders.resume());
  ASSERT_TRUE(orders.rewind_done());
  ASSERT_TRUE(orders.replay_done());
  EXPECT_FALSE(orders.replay().value());
  EXPECT_EQ(orders.paused().value(), std::nullopt);
  EXPECT_EQ(orders.rewind().value(), std::nullopt);
}

TEST_F(SinkPositionTest, WhatIsForgottenHoldsNothingBack) {
  ASSERT_TRUE(open(files_).value().save({Sequence{7}, ""}));
  store::SinkOrders orders(files_, paths_, "loki");
  ASSERT_TRUE(orders.pause(""));
  ASSERT_TRUE(orders.set_replay());
  ASSERT_TRUE(orders.forget());
  EXPECT_TRUE(store::read_sink_cursors(files_, paths_, store_).value().empty());
  EXPECT_EQ(files_.list(paths_.cursors()).value(), std::vector<std::string>{"loki.lock"});
}

}  // namespace
}  // namespace tally::tests
