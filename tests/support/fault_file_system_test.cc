#include "tests/support/fault_file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tally::tests {
namespace {

using store::File;
using store::OpenMode;
using testing::ElementsAre;

class AFaultFileSystem : public testing::Test {
 protected:
  static Result<void> write(File& file, std::string_view text) {
    return file.write_at(0, {&text, 1});
  }

  std::unique_ptr<File> create(const store::Path& path, std::string_view text) {
    auto file = files_.open(path, OpenMode::create);
    EXPECT_TRUE(file && write(*file.value(), text));
    return std::move(file).value();
  }

  static std::string content(store::FileSystem& files, const store::Path& path) {
    const auto file = files.open(path, OpenMode::read);
    if (!file) return "(missing)";
    std::string text(100, '?');
    text.resize(file.value()->read_at(0, text).value());
    return text;
  }

  std::string content(const store::Path& path) { return content(files_, path); }

  FaultFileSystem files_;
};

TEST_F(AFaultFileSystem, FailsTheNthOperationOnly) {
  const auto file = create("f", "old");
  files_.set_fault(Fault{.kind = FaultKind::io, .at = 2});
  EXPECT_TRUE(write(*file, "one"));
  const auto second = write(*file, "two");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::io);
  EXPECT_THAT(second.error().context, testing::HasSubstr("write f"));
  EXPECT_EQ(content("f"), "one");
  EXPECT_TRUE(write(*file, "two"));
}

TEST_F(AFaultFileSystem, FailsAllFromTheNthOn) {
  files_.set_fault(Fault{.kind = FaultKind::io, .at = 2, .lasting = true});
  EXPECT_TRUE(files_.exists("f"));
  EXPECT_FALSE(files_.exists("f"));
  EXPECT_FALSE(files_.list("/"));
  EXPECT_FALSE(files_.open("f", OpenMode::create));
  files_.set_fault(std::nullopt);
  EXPECT_FALSE(files_.exists("f").value());
}

TEST_F(AFaultFileSystem, CountsOnlyTheOperationsThatAreMeant) {
  const auto file = create("f", "");
  files_.set_fault(Fault{.kind = FaultKind::io, .at = 2, .among = [](const Operation& operation) {
                           return operation.kind == OperationKind::sync_data;
                         }});
  EXPECT_TRUE(file->sync_data());
  EXPECT_TRUE(write(*file, "abc"));
  EXPECT_FALSE(file->sync_data());
  EXPECT_TRUE(file->sync_data());
}

TEST_F(AFaultFileSystem, IsFullOnlyForWhatTakesSpace) {
  const auto file = create("f", "abc");
  ASSERT_TRUE(file->sync_data());
  files_.set_fault(Fault{.kind = FaultKind::no_space, .at = 1, .lasting = true});
  EXPECT_TRUE(write(*file, "xyz"));
  EXPECT_TRUE(file->sync_data());
  EXPECT_EQ(write(*file, "longer").error().code, Errc::no_space);
  EXPECT_EQ(files_.open("g", OpenMode::create).error().code, Errc::no_space);
  EXPECT_EQ(files_.create_directories("d").error().code, Errc::no_space);
  EXPECT_TRUE(files_.remove("f"));
}

TEST_F(AFaultFileSystem, IsReadOnlyOnlyForWhatChangesIt) {
  const auto file = create("f", "abc");
  files_.set_fault(Fault{.kind = FaultKind::read_only, .at = 1, .lasting = true});
  EXPECT_EQ(write(*file, "xyz").error().code, Errc::io);
  EXPECT_EQ(files_.remove("f").error().code, Errc::io);
  EXPECT_TRUE(files_.open("f", OpenMode::read));
  EXPECT_EQ(content("f"), "abc");
}

TEST_F(AFaultFileSystem, HasNoFilesLeftOnlyForWhatOpensOne) {
  const auto file = create("f", "abc");
  files_.set_fault(Fault{.kind = FaultKind::descriptors, .at = 1, .lasting = true});
  EXPECT_EQ(files_.open("f", OpenMode::read).error().code, Errc::io);
  EXPECT_EQ(files_.list("/").error().code, Errc::io);
  EXPECT_TRUE(write(*file, "xyz"));
  EXPECT_TRUE(files_.remove("f"));
}

TEST_F(AFaultFileSystem, WritesHalf) {
  const auto file = create("f", "");
  const std::vector<std::string_view> parts{"ab", "cdef"};
  files_.set_fault(Fault{.kind = FaultKind::half_write, .at = 1});
  EXPECT_EQ(file->write_at(0, parts).error().code, Errc::io);
  EXPECT_EQ(content("f"), "abc");
}

TEST_F(AFaultFileSystem, SucceedsWithoutDurabilityAfterAFailedSync) {
  const auto file = create("f", "abc");
  ASSERT_TRUE(files_.sync_directory("/"));
  files_.set_fault(Fault{.kind = FaultKind::io, .at = 1});
  EXPECT_FALSE(file->sync_data());
  EXPECT_TRUE(file->sync_data());
  EXPECT_EQ(content("f"), "abc");
  file->drop_cache();
  EXPECT_EQ(content("f"), std::string(3, '\0'));
}

TEST_F(AFaultFileSystem, StaysDownAfterACrashUntilItIsBroughtUp) {
  const auto file = create("f", "abc");
  files_.set_fault(Fault{.kind = FaultKind::crash, .at = 1});
  EXPECT_FALSE(files_.down());
  EXPECT_FALSE(file->sync_data());
  EXPECT_TRUE(files_.down());
  files_.set_fault(std::nullopt);
  EXPECT_FALSE(files_.exists("f"));
  files_.kill();
  EXPECT_FALSE(files_.down());
  EXPECT_EQ(content("f"), "abc");
}

TEST_F(AFaultFileSystem, KeepsThroughACrashWhatIsSyncedWithItsName) {
  ASSERT_TRUE(files_.create_directories("/a/b"));
  const auto file = create("/a/b/f", "abc");
  ASSERT_TRUE(file->sync_data());
  ASSERT_TRUE(files_.sync_directory("/a/b"));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    files_.crash(random);
    EXPECT_EQ(content("/a/b/f"), "abc") << seed;
  }
}

TEST_F(AFaultFileSystem, LosesASyncedFileWhoseNameIsNot) {
  ASSERT_TRUE(create("f", "abc")->sync_data());
  std::set<std::string> found;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    found.insert(content(*files_.after_crash(random), "f"));
  }
  EXPECT_THAT(found, ElementsAre("(missing)", "abc"));
  EXPECT_EQ(content("f"), "abc") << "a look at what a crash might do changes nothing";
}

TEST_F(AFaultFileSystem, MayLoseADirectoryIfItDiesBetweenMakingAndSyncing) {
  files_.set_fault(Fault{.kind = FaultKind::crash, .at = 2});
  EXPECT_FALSE(files_.create_directories("/d"));
  std::set<bool> found;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    found.insert(files_.after_crash(random)->exists("/d").value());
  }
  EXPECT_THAT(found, ElementsAre(false, true));
}

TEST_F(AFaultFileSystem, DeadFilesGiveErrorsAndNoLocks) {
  const auto file = create("f", "abc");
  ASSERT_TRUE(file->try_lock().value());
  files_.kill();
  EXPECT_FALSE(write(*file, "xyz"));
  EXPECT_FALSE(file->sync_data());
  EXPECT_FALSE(file->size());
  EXPECT_EQ(content("f"), "abc");
  const auto next = files_.open("f", OpenMode::write);
  EXPECT_TRUE(next.value()->try_lock().value());
}

TEST_F(AFaultFileSystem, TheSameSeedGivesTheSameCrash) {
  for (int i = 0; i < 20; ++i) create("f" + std::to_string(i), "abc");
  std::mt19937_64 first(7);
  std::mt19937_64 second(7);
  const auto one = files_.after_crash(first);
  const auto other = files_.after_crash(second);
  EXPECT_EQ(one->list("/").value(), other->list("/").value());
  const std::vector<std::string> names = one->list("/").value();
  for (const std::string& name : names) {
    EXPECT_EQ(content(*one, name), content(*other, name));
  }
}

TEST_F(AFaultFileSystem, TracesEveryOperation) {
  const auto file = create("f", "abc");
  static_cast<void>(file->sync_data());
  static_cast<void>(files_.rename("f", "g"));
  std::vector<std::string> trace;
  for (const Operation& operation : files_.trace()) trace.push_back(to_string(operation));
  EXPECT_THAT(trace, ElementsAre("create f", "write f", "sync_data f", "rename g"));
  EXPECT_EQ(files_.operations(), 4U);
}

TEST_F(AFaultFileSystem, CountsThreadsTogether) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([this, i] {
        const auto file = create("f" + std::to_string(i), "");
        for (int n = 0; n < 100; ++n) static_cast<void>(write(*file, "abc"));
      });
    }
  }
  EXPECT_EQ(files_.operations(), 4U * 102U);
}

}  // namespace
}  // namespace tally::tests
