#include "ingest/directory_watch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.h"

namespace tally::ingest {
namespace {

class DirectoryWatchTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (directory_.path() / name).string(); }
  void write(const std::string& name) const { std::ofstream(path(name), std::ios::app) << "x"; }
  void rename(const std::string& from, const std::string& to) const {
    std::filesystem::rename(path(from), path(to));
  }

  tests::TemporaryDirectory directory_;
  DirectoryWatch watch_;
};

TEST_F(DirectoryWatchTest, TellsNamesFromContents) {
  write("a");
  ASSERT_TRUE(watch_.add(directory_.path()));
  EXPECT_FALSE(watch_.take_changes().names);
  write("a");
  DirectoryChanges changes = watch_.take_changes();
  EXPECT_TRUE(changes.contents);
  EXPECT_FALSE(changes.names);
  write("b");
  EXPECT_TRUE(watch_.take_changes().names);
  std::filesystem::permissions(path("b"), std::filesystem::perms{0600});
  EXPECT_TRUE(watch_.take_changes().names);
  std::filesystem::remove(path("b"));
  EXPECT_TRUE(watch_.take_changes().names);
}

TEST_F(DirectoryWatchTest, TellsRenamesInOrder) {
  ASSERT_TRUE(watch_.add(directory_.path()));
  write("a");
  rename("a", "a.1");
  write("a");
  rename("a.1", "a.2");
  rename("a", "a.1");
  const auto renames = watch_.take_changes().renames;
  ASSERT_EQ(renames.size(), 3U);
  EXPECT_EQ(renames[0].from, path("a"));
  EXPECT_EQ(renames[0].to, path("a.1"));
  EXPECT_EQ(renames[1].to, path("a.2"));
  EXPECT_EQ(renames[2].from, path("a"));
}

TEST_F(DirectoryWatchTest, CannotWatchWhatIsNotThere) {
  EXPECT_FALSE(watch_.add(path("later")));
  std::filesystem::create_directory(path("later"));
  EXPECT_TRUE(watch_.add(path("later")));
  std::filesystem::remove(path("later"));
  EXPECT_TRUE(watch_.take_changes().names);
  EXPECT_FALSE(watch_.add(path("later"))) << "it has to be added again";
}

}  // namespace
}  // namespace tally::ingest
