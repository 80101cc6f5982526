#include "store/reader_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "store/disk/posix_file_system.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {
namespace {

using store::ReaderLock;
using store::RemovalLock;

class ReaderLockTest : public testing::Test {
 protected:
  RemovalLock removal() { return std::move(RemovalLock::open(files, paths)).value(); }
  ReaderLock reader() { return ReaderLock(files, paths); }

  TemporaryDirectory directory;
  store::PosixFileSystem files;
  store::StorePaths paths{directory.path()};
};

TEST_F(ReaderLockTest, KeepsRetentionFromWhatIsHeldAndAllAfterIt) {
  RemovalLock removal_lock = removal();
  ReaderLock first = reader();
  ReaderLock second = reader();
  ASSERT_TRUE(first.hold_from(5).value());
  ASSERT_TRUE(second.hold_from(3).value());
  EXPECT_TRUE(removal_lock.try_take(2).value());
  EXPECT_FALSE(removal_lock.try_take(3).value());
  ASSERT_TRUE(second.hold_from(8).value());
  EXPECT_TRUE(removal_lock.try_take(3).value());
  EXPECT_TRUE(removal_lock.try_take(4).value());
  EXPECT_FALSE(removal_lock.try_take(5).value());
  EXPECT_FALSE(removal_lock.try_take(1'000'000).value());
}

TEST_F(ReaderLockTest, EndsWithTheReader) {
  RemovalLock removal_lock = removal();
  {
    ReaderLock gone = reader();
    ASSERT_TRUE(gone.hold_from(1).value());
    EXPECT_FALSE(removal_lock.try_take(1).value());
  }
  EXPECT_TRUE(removal_lock.try_take(1).value());
}

TEST_F(ReaderLockTest, WaitsForNobodyWhileAFileIsBeingRemoved) {
  RemovalLock removal_lock = removal();
  ReaderLock late = reader();
  ASSERT_TRUE(removal_lock.try_take(4).value());
  EXPECT_TRUE(late.hold_from(5).value());
  EXPECT_FALSE(late.hold_from(4).value());
  EXPECT_FALSE(removal_lock.try_take(5).value()) << "still held after the vain attempt";
  removal_lock.release(4);
  EXPECT_TRUE(late.hold_from(4).value());
}

TEST_F(ReaderLockTest, CountsReadersInOtherProcesses) {
  RemovalLock removal_lock = removal();
  int ready[2];
  int done[2];
  ASSERT_EQ(pipe(ready) | pipe(done), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  char byte = 0;
  if (child == 0) {
    ReaderLock held = reader();
    const bool holds = held.hold_from(7).value();
    const bool told = write(ready[1], &byte, 1) == 1 && read(done[0], &byte, 1) == 1;
    _exit(holds && told ? 0 : 1);
  }
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_FALSE(removal_lock.try_take(7).value());
  EXPECT_TRUE(removal_lock.try_take(6).value());
  ASSERT_EQ(write(done[1], &byte, 1), 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(removal_lock.try_take(7).value());
}

TEST_F(ReaderLockTest, IsHeldOfNothingWhereNobodyEverRemovedAnything) {
  ReaderLock lock = reader();
  EXPECT_TRUE(lock.hold_from(1).value());
  EXPECT_FALSE(files.exists(paths.readers()).value());
  RemovalLock removal_lock = removal();
  ASSERT_TRUE(lock.hold_from(2).value());
  EXPECT_FALSE(removal_lock.try_take(2).value()) << "from now on it counts";
}

}  // namespace
}  // namespace tally::tests
