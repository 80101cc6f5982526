#include "store/disk/posix_file_system.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string_view>

#include "tests/support/temporary_directory.h"

namespace tally::store {
namespace {

mode_t mode_of(const Path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(PosixFileSystem, KeepsOthersFromReading) {
  const tests::TemporaryDirectory directory;
  PosixFileSystem files;
  ASSERT_TRUE(files.create_directories(directory.path() / "a/b"));
  ASSERT_TRUE(files.open(directory.path() / "a/b/f", OpenMode::create));
  EXPECT_EQ(mode_of(directory.path() / "a"), 0700U);
  EXPECT_EQ(mode_of(directory.path() / "a/b"), 0700U);
  EXPECT_EQ(mode_of(directory.path() / "a/b/f"), 0600U);
}

TEST(PosixFileSystem, KnowsTheSpaceOfTheDisk) {
  PosixFileSystem files;
  const tests::TemporaryDirectory directory;
  const auto space = files.space(directory.path());
  ASSERT_TRUE(space) << to_string(space.error());
  EXPECT_GT(space.value().total, 0U);
  EXPECT_LE(space.value().available, space.value().total);
  const double used = space.value().percent_used(0);
  EXPECT_GE(used, 0);
  EXPECT_LT(used, space.value().percent_used(1 << 30));
  EXPECT_EQ(files.space(directory.path() / "missing").error().code, Errc::not_found);
}

/// /dev/full is Linux's own full disk.
TEST(PosixFileSystem, TellsAFullDiskFromOtherFailures) {
  PosixFileSystem files;
  auto file = files.open("/dev/full", OpenMode::write);
  ASSERT_TRUE(file);
  const std::string_view part = "x";
  const auto written = file.value()->write_at(0, {&part, 1});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::no_space);
}

TEST(PosixFileSystem, MakesADirectoryWithARelativePath) {
  const tests::TemporaryDirectory directory;
  const Path before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  PosixFileSystem files;
  EXPECT_TRUE(files.create_directories("store"));
  EXPECT_TRUE(files.exists("store").value());
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace tally::store
