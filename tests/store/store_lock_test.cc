#include "store/store_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "store/disk/posix_file_system.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/temporary_directory.h"

namespace tally::store {
namespace {

using testing::HasSubstr;

class AStoreLock : public testing::Test {
 protected:
  Result<StoreLock> acquire(std::string address) {
    return StoreLock::acquire(files_, paths_, std::move(address));
  }

  std::optional<LockHolder> holder() { return find_holder(files_, paths_).value(); }

  static LockHolder me(std::string address) {
    return {static_cast<std::uint64_t>(::getpid()), std::move(address)};
  }

  tests::TemporaryDirectory directory_;
  PosixFileSystem files_;
  StorePaths paths_{directory_.path()};
};

TEST_F(AStoreLock, NamesTheHolderToTheSecondOne) {
  const auto first = acquire("127.0.0.1:7514");
  ASSERT_TRUE(first);
  const auto second = acquire("127.0.0.1:9999");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::held);
  EXPECT_THAT(second.error().context, HasSubstr(std::to_string(::getpid())));
  EXPECT_THAT(second.error().context, HasSubstr("--url http://127.0.0.1:7514"));
  EXPECT_THAT(second.error().context, HasSubstr(directory_.path().string()));
  EXPECT_EQ(holder(), me("127.0.0.1:7514"));
}

TEST_F(AStoreLock, SaysWhatToDoAboutAHolderWithoutAddress) {
  const auto first = acquire("");
  const auto second = acquire("");
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().context, HasSubstr("wait until it ends"));
}

TEST_F(AStoreLock, IsHeldByNobodyBeforeAndAfter) {
  EXPECT_EQ(holder(), std::nullopt);
  EXPECT_FALSE(files_.exists(paths_.lock()).value()) << "looking must not create anything";
  {
    const auto lock = acquire("a:1");
    EXPECT_EQ(holder(), me("a:1"));
  }
  EXPECT_EQ(holder(), std::nullopt);
  EXPECT_TRUE(files_.exists(paths_.lock()).value());
  EXPECT_TRUE(acquire("b:2"));
}

TEST_F(AStoreLock, TellsAnAddressThatChanged) {
  auto lock = acquire("a-rather-long-address:1");
  ASSERT_TRUE(lock);
  ASSERT_TRUE(lock.value().set_address("b:2"));
  EXPECT_EQ(holder(), me("b:2"));
  const std::string text = "pid=" + std::to_string(::getpid()) + "\naddress=b:2\n";
  EXPECT_EQ(std::filesystem::file_size(paths_.lock()), text.size()) << "nothing is left behind it";
  ASSERT_TRUE(lock.value().set_address(""));
  EXPECT_EQ(holder(), me(""));
}

TEST_F(AStoreLock, IgnoresWhatIsLeftOfALongerText) {
  const auto lock = acquire("b:2");
  const auto file = files_.open(paths_.lock(), OpenMode::write);
  const std::string_view rest = "ng-address:1\naddress=c:3\n";
  ASSERT_TRUE(file.value()->write_at(file.value()->size().value(), {&rest, 1}));
  EXPECT_EQ(holder(), me("b:2"));
}

TEST_F(AStoreLock, ShowsNoAddressThatATerminalWouldObey) {
  const auto lock = acquire("\x1b[2J");
  EXPECT_EQ(holder(), me(""));
}

TEST_F(AStoreLock, KeepsAnotherProcessOutAndEndsWithItsHolder) {
  auto lock = acquire("a:1");
  const pid_t child = ::fork();
  if (child == 0) {
    const auto refused = acquire("b:2");
    ::_exit(!refused && refused.error().code == Errc::held ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(StoreLock, ComesFreeWhenTheProcessDies) {
  tests::FaultFileSystem files;
  const StorePaths paths("/store");
  ASSERT_TRUE(files.create_directories("/store"));
  const auto lock = StoreLock::acquire(files, paths, "a:1");
  ASSERT_TRUE(lock);
  ASSERT_FALSE(StoreLock::acquire(files, paths, "b:2"));
  files.kill();
  EXPECT_EQ(find_holder(files, paths).value(), std::nullopt);
  EXPECT_TRUE(StoreLock::acquire(files, paths, "b:2"));
}

TEST(StoreLock, IsNotTakenIfTheHolderCannotBeNamed) {
  tests::FaultFileSystem files;
  const StorePaths paths("/store");
  ASSERT_TRUE(files.create_directories("/store"));
  files.set_fault(tests::Fault{.kind = tests::FaultKind::no_space, .at = 1, .lasting = true});
  EXPECT_EQ(StoreLock::acquire(files, paths, "a:1").error().code, Errc::no_space);
  files.set_fault(std::nullopt);
  EXPECT_TRUE(StoreLock::acquire(files, paths, "b:2"));
}

}  // namespace
}  // namespace tally::store
