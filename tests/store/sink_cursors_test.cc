#include "store/sink_cursors.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/fault_file_system.h"

namespace tally::tests {
namespace {

using store::SinkCursor;

class SinkCursorsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files_.create_directories(paths_.cursors())); }

  void put(const std::string& name, std::string_view text) {
    const auto file =
        std::move(files_.open(paths_.cursors() / name, store::OpenMode::create)).value();
    ASSERT_TRUE(file->write_at(0, {&text, 1}));
  }

  std::vector<SinkCursor> read() {
    return store::read_sink_cursors(files_, paths_, store_).value();
  }

  std::string own() const { return "store=" + to_string(store_) + "\n"; }

  FaultFileSystem files_;
  store::StorePaths paths_{"/store"};
  store::StoreId store_ = store::StoreId::random();
};

TEST_F(SinkCursorsTest, ReadsThoseOfThisStoreByName) {
  EXPECT_TRUE(read().empty());
  put("loki", own() + "next=4711\n");
  put("kafka", "later=1\n" + own() + "next=12\nrest");
  put("foreign", "store=" + to_string(store::StoreId::random()) + "\nnext=1\n");
  put("loki.lock", "");
  put("loki.draft", "half");
  EXPECT_EQ(read(), (std::vector<SinkCursor>{{"kafka", Sequence{12}}, {"loki", Sequence{4711}}}));
}

TEST_F(SinkCursorsTest, TakesWhatItDoesNotUnderstandForTheStart) {
  spdlog::set_level(spdlog::level::off);
  put("empty", "");
  put("letters", own() + "next=12x\n");
  put("cut", own() + "next=12");
  put("huge", own() + "next=99999999999999999999999\n");
  const auto cursors = read();
  ASSERT_EQ(cursors.size(), 4U);
  for (const SinkCursor& cursor : cursors) EXPECT_EQ(cursor.next, kFirstSequence) << cursor.name;
}

TEST_F(SinkCursorsTest, AreNoneWhereThereIsNoDirectory) {
  const store::StorePaths other("/other");
  EXPECT_TRUE(store::read_sink_cursors(files_, other, store_).value().empty());
}

}  // namespace
}  // namespace tally::tests
