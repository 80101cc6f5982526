#include "store/journal/journal.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

using store::OpenMode;
using store::Path;

/// Another file system, with something else happening just before a file gets its new name.
class InterruptedRenames final : public store::FileSystem {
 public:
  Result<std::unique_ptr<store::File>> open(const Path& path, OpenMode mode) override {
    return files_.open(path, mode);
  }
  Result<void> rename(const Path& from, const Path& to) override {
    if (before) before();
    return files_.rename(from, to);
  }
  Result<void> remove(const Path& path) override { return files_.remove(path); }
  Result<void> create_directories(const Path& path) override {
    return files_.create_directories(path);
  }
  Result<void> sync_directory(const Path& path) override { return files_.sync_directory(path); }
  Result<std::vector<std::string>> list(const Path& path) override { return files_.list(path); }
  Result<bool> exists(const Path& path) override { return files_.exists(path); }
  Result<store::DiskSpace> space(const Path& path) override { return files_.space(path); }

  std::function<void()> before;

 private:
  FaultFileSystem files_;
};

/// The preparer may come at any moment of a rotation: a file that is just becoming the next journal
/// file must not be taken for a spare to be replaced.
TEST(Journal, WritesNoZerosOverTheFileThatIsJustBeingMadeOfASpare) {
  InterruptedRenames files;
  const ManualClock clock;
  store::StoreOptions options;
  options.directory = "/store";
  options.file_bytes = 4096;
  options.file_events_max = 1;
  const auto journal = std::move(store::Journal::open(files, clock, options)).value();
  int interrupted = 0;
  files.before = [&] {
    ++interrupted;
    EXPECT_TRUE(journal->prepare_spare());
  };
  for (std::uint64_t number = 1; number <= 5; ++number) {
    ASSERT_TRUE(journal->prepare_spare());
    const store::Batch batch = make_batch({event_line(number)}, clock.now());
    const store::Batch* group = &batch;
    ASSERT_TRUE(journal->commit({&group, 1}));
  }
  EXPECT_EQ(interrupted, 4);
  const auto found = read_store(files, options.directory);
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_EQ(found.value().lines.size(), 5U);
  EXPECT_TRUE(found.value().corrupt.empty());
}

}  // namespace
}  // namespace tally::tests
