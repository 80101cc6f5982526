#include "ingest/follow_list.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "model/clock.h"
#include "tests/support/temporary_directory.h"

namespace tally::ingest {
namespace {

class FollowListTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (directory_.path() / name).string(); }
  void write(const std::string& name) const { std::ofstream(path(name), std::ios::app) << "x"; }
  void rename(const std::string& from, const std::string& to) const {
    std::filesystem::rename(path(from), path(to));
  }
  void discover(FollowList& list) {
    list.discover(watch_.take_changes().renames, watch_, FollowTask::TimePoint{});
  }

  tests::TemporaryDirectory directory_;
  DirectoryWatch watch_;
};

TEST_F(FollowListTest, MissesNoFileThatHadThePathForAMoment) {
  FollowList list({path("a")}, {});
  discover(list);
  for (const char* name : {"first", "second", "third"}) {
    write("a");
    rename("a", name);
  }
  rename("first", "oldest");
  write("a");
  discover(list);
  ASSERT_EQ(list.followed().size(), 1U);
  const auto& tasks = list.followed()[0].tasks;
  ASSERT_EQ(tasks.size(), 4U);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    EXPECT_EQ(tasks[i]->is_rotated(), i < 3);
    EXPECT_EQ(tasks[i]->file().path(), path("a"));
  }
  EXPECT_TRUE(list.needs_polling());
}

TEST_F(FollowListTest, SleepsWhenNothingIsRotated) {
  write("a");
  FollowList list({path("a"), path("b")}, {});
  discover(list);
  EXPECT_EQ(list.file_count(), 1U);
  EXPECT_FALSE(list.needs_polling());
}

TEST_F(FollowListTest, ForgetsWhatIsGoneAtARestart) {
  FilePosition position;
  position.id = {1, 2};
  position.offset = 100;
  FollowList list({path("a")}, {{checkpoint_source(position.id, path("a")), encode(position)},
                                {checkpoint_source(position.id, path("other")), encode(position)},
                                {"kafka:x/1", "7"}});
  discover(list);
  const auto forgotten = list.take_forgotten();
  ASSERT_EQ(forgotten.size(), 1U);
  EXPECT_EQ(forgotten[0].source, checkpoint_source(position.id, path("a")));
  EXPECT_EQ(forgotten[0].state, "");
}

}  // namespace
}  // namespace tally::ingest
