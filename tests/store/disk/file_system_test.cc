#include "store/disk/file_system.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/disk/posix_file_system.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/temporary_directory.h"

namespace tally::store {
namespace {

struct PosixWorld {
  tests::TemporaryDirectory directory;
  PosixFileSystem files;
  Path root = directory.path();
};

struct MemoryWorld {
  tests::FaultFileSystem files;
  Path root = "/";
};

/// What FileSystem promises, held against the operating system and the stand-in that the crash
/// tests use: a stand-in that behaves differently would prove nothing.
template <class World>
class FileSystemContract : public testing::Test {
 protected:
  std::unique_ptr<File> open(const Path& name, OpenMode mode) {
    auto file = files().open(path(name), mode);
    EXPECT_TRUE(file) << file.error().context;
    return file ? std::move(file).value() : nullptr;
  }

  Errc open_error(const Path& name, OpenMode mode) {
    auto file = files().open(path(name), mode);
    EXPECT_FALSE(file);
    return file ? Errc::invalid : file.error().code;
  }

  static void write(File& file, std::uint64_t offset, const std::vector<std::string_view>& parts) {
    EXPECT_TRUE(file.write_at(offset, parts));
  }

  static std::string read(File& file, std::uint64_t offset, std::size_t bytes) {
    std::string text(bytes, '?');
    const auto count = file.read_at(offset, text);
    EXPECT_TRUE(count);
    text.resize(count ? count.value() : 0);
    return text;
  }

  void create(const Path& name, std::string_view text) {
    write(*open(name, OpenMode::create), 0, {text});
  }

  std::string content(const Path& name) { return read(*open(name, OpenMode::read), 0, 100'000); }

  bool exists(const Path& name) { return files().exists(path(name)).value(); }

  Path path(const Path& name) const { return world_.root / name; }
  FileSystem& files() { return world_.files; }

 private:
  World world_;
};

using Worlds = testing::Types<PosixWorld, MemoryWorld>;
TYPED_TEST_SUITE(FileSystemContract, Worlds);

TYPED_TEST(FileSystemContract, ReadsBackWhatWasWrittenInParts) {
  const auto file = this->open("f", OpenMode::create);
  this->write(*file, 0, {"one", "", "two", "three"});
  EXPECT_EQ(this->read(*file, 0, 100), "onetwothree");
  EXPECT_EQ(this->read(*file, 3, 3), "two");
  EXPECT_EQ(file->size().value(), 11U);
}

TYPED_TEST(FileSystemContract, WritesMorePartsThanOneSystemCallTakes) {
  std::vector<std::string> texts;
  std::string whole;
  for (int i = 0; i < 3000; ++i) whole += texts.emplace_back(std::to_string(i));
  const auto file = this->open("f", OpenMode::create);
  this->write(*file, 0, {texts.begin(), texts.end()});
  EXPECT_EQ(this->read(*file, 0, whole.size() + 1), whole);
}

TYPED_TEST(FileSystemContract, WritesNothingForNoBytes) {
  const auto file = this->open("f", OpenMode::create);
  this->write(*file, 10, {});
  this->write(*file, 10, {"", ""});
  EXPECT_EQ(file->size().value(), 0U);
}

TYPED_TEST(FileSystemContract, OverwritesInPlace) {
  const auto file = this->open("f", OpenMode::create);
  this->write(*file, 0, {"0123456789"});
  this->write(*file, 3, {"abc"});
  EXPECT_EQ(this->read(*file, 0, 100), "012abc6789");
}

TYPED_TEST(FileSystemContract, FillsAGapWithZeros) {
  const auto file = this->open("f", OpenMode::create);
  this->write(*file, 5000, {"x"});
  EXPECT_EQ(this->read(*file, 0, 6000), std::string(5000, '\0') + "x");
}

TYPED_TEST(FileSystemContract, ReadsNothingBehindTheEnd) {
  const auto file = this->open("f", OpenMode::create);
  this->write(*file, 0, {"abc"});
  EXPECT_EQ(this->read(*file, 3, 10), "");
  EXPECT_EQ(this->read(*file, 1000, 10), "");
}

TYPED_TEST(FileSystemContract, TruncatesAndGrowsWithZeros) {
  const auto file = this->open("f", OpenMode::create);
  this->write(*file, 0, {"abcdef"});
  ASSERT_TRUE(file->truncate(2));
  EXPECT_EQ(file->size().value(), 2U);
  ASSERT_TRUE(file->truncate(4));
  EXPECT_EQ(this->read(*file, 0, 10), std::string("ab\0\0", 4));
}

TYPED_TEST(FileSystemContract, KeepsWhatIsSyncedAndDroppedFromTheCache) {
  const auto file = this->open("f", OpenMode::create);
  this->write(*file, 0, {"abc"});
  ASSERT_TRUE(file->sync_data());
  file->drop_cache();
  EXPECT_EQ(this->read(*file, 0, 10), "abc");
}

TYPED_TEST(FileSystemContract, ShowsWritesToOtherOpenFilesAtOnce) {
  const auto writer = this->open("f", OpenMode::create);
  const auto reader = this->open("f", OpenMode::read);
  this->write(*writer, 0, {"abc"});
  EXPECT_EQ(this->read(*reader, 0, 10), "abc");
}

TYPED_TEST(FileSystemContract, OpensByMode) {
  EXPECT_EQ(this->open_error("f", OpenMode::read), Errc::not_found);
  EXPECT_EQ(this->open_error("f", OpenMode::write), Errc::not_found);
  this->create("f", "abc");
  EXPECT_EQ(this->open_error("f", OpenMode::create), Errc::io);
  EXPECT_EQ(this->read(*this->open("f", OpenMode::write), 0, 10), "abc");
  EXPECT_EQ(this->read(*this->open("f", OpenMode::open_or_create), 0, 10), "abc");
  EXPECT_EQ(this->read(*this->open("g", OpenMode::open_or_create), 0, 10), "");
  EXPECT_EQ(this->open_error("none/f", OpenMode::create), Errc::not_found);
}

TYPED_TEST(FileSystemContract, RefusesToWriteWhatIsOpenForReading) {
  this->create("f", "abc");
  const auto file = this->open("f", OpenMode::read);
  const std::string_view part = "x";
  EXPECT_FALSE(file->write_at(0, {&part, 1}));
  EXPECT_FALSE(file->truncate(0));
  EXPECT_FALSE(file->try_lock());
  EXPECT_EQ(this->content("f"), "abc");
}

TYPED_TEST(FileSystemContract, NamesThePathInErrors) {
  const auto file = this->files().open(this->path("missing"), OpenMode::read);
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().context.find("missing"), std::string::npos) << file.error().context;
}

TYPED_TEST(FileSystemContract, RenamesOverAnotherFile) {
  this->create("a", "new");
  this->create("b", "old");
  const auto old = this->open("b", OpenMode::read);
  ASSERT_TRUE(this->files().rename(this->path("a"), this->path("b")));
  EXPECT_FALSE(this->exists("a"));
  EXPECT_EQ(this->content("b"), "new");
  EXPECT_EQ(this->read(*old, 0, 10), "old");
  const auto again = this->files().rename(this->path("a"), this->path("b"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::not_found);
}

TYPED_TEST(FileSystemContract, RenamesToItsOwnName) {
  this->create("a", "text");
  ASSERT_TRUE(this->files().rename(this->path("a"), this->path("a")));
  EXPECT_EQ(this->content("a"), "text");
}

TYPED_TEST(FileSystemContract, RemovesFilesOnly) {
  this->create("f", "abc");
  const auto open = this->open("f", OpenMode::read);
  ASSERT_TRUE(this->files().remove(this->path("f")));
  EXPECT_FALSE(this->exists("f"));
  EXPECT_EQ(this->read(*open, 0, 10), "abc");
  EXPECT_EQ(this->files().remove(this->path("f")).error().code, Errc::not_found);
  ASSERT_TRUE(this->files().create_directories(this->path("d")));
  EXPECT_FALSE(this->files().remove(this->path("d")));
  EXPECT_TRUE(this->exists("d"));
}

TYPED_TEST(FileSystemContract, CreatesDirectoriesAndTheirParents) {
  ASSERT_TRUE(this->files().create_directories(this->path("a/b/c/")));
  ASSERT_TRUE(this->files().create_directories(this->path("a/b/c")));
  EXPECT_TRUE(this->exists("a/b/c"));
  this->create("a/b/c/f", "abc");
  EXPECT_EQ(this->content("a/b/c/f"), "abc");
}

TYPED_TEST(FileSystemContract, MakesNoDirectoryWhereAFileIs) {
  this->create("f", "abc");
  EXPECT_FALSE(this->files().create_directories(this->path("f")));
  EXPECT_EQ(this->content("f"), "abc");
}

TYPED_TEST(FileSystemContract, ListsSortedNames) {
  ASSERT_TRUE(this->files().create_directories(this->path("d/sub")));
  for (const char* name : {"d/b", "d/a", "d/10", "d/sub/x"}) this->create(name, "");
  EXPECT_EQ(this->files().list(this->path("d")).value(),
            (std::vector<std::string>{"10", "a", "b", "sub"}));
  EXPECT_EQ(this->files().list(this->path("none")).error().code, Errc::not_found);
}

TYPED_TEST(FileSystemContract, SyncsDirectories) {
  EXPECT_TRUE(this->files().sync_directory(this->path("")));
  EXPECT_EQ(this->files().sync_directory(this->path("none")).error().code, Errc::not_found);
  this->create("f", "abc");
  EXPECT_FALSE(this->files().sync_directory(this->path("f")));
}

TYPED_TEST(FileSystemContract, GivesTheLockToOneOpenFile) {
  this->create("f", "");
  auto first = this->open("f", OpenMode::write);
  const auto second = this->open("f", OpenMode::write);
  const auto reader = this->open("f", OpenMode::read);
  EXPECT_FALSE(reader->locked_by_other().value());
  EXPECT_TRUE(first->try_lock().value());
  EXPECT_TRUE(first->try_lock().value());
  EXPECT_FALSE(second->try_lock().value());
  EXPECT_FALSE(first->locked_by_other().value());
  EXPECT_TRUE(second->locked_by_other().value());
  EXPECT_TRUE(reader->locked_by_other().value());
  first.reset();
  EXPECT_FALSE(reader->locked_by_other().value());
  EXPECT_TRUE(second->try_lock().value());
}

TYPED_TEST(FileSystemContract, SharesARangeAmongReadersAndGivesItToOneWriter) {
  this->create("f", "");
  const auto first = this->open("f", OpenMode::read);
  const auto second = this->open("f", OpenMode::read);
  const auto writer = this->open("f", OpenMode::write);
  EXPECT_TRUE(first->try_lock_range({5, 0}, LockKind::shared).value());
  EXPECT_TRUE(second->try_lock_range({7, 2}, LockKind::shared).value());
  EXPECT_TRUE(writer->try_lock_range({4, 1}, LockKind::exclusive).value());
  EXPECT_FALSE(writer->try_lock_range({5, 1}, LockKind::exclusive).value());
  EXPECT_FALSE(writer->try_lock_range({1'000'000, 1}, LockKind::exclusive).value());
  EXPECT_FALSE(second->try_lock_range({0, 0}, LockKind::shared).value());
  ASSERT_TRUE(first->unlock_range({5, 3}));
  EXPECT_TRUE(writer->try_lock_range({5, 2}, LockKind::exclusive).value());
  EXPECT_FALSE(writer->try_lock_range({7, 1}, LockKind::exclusive).value()) << "the second's";
  ASSERT_TRUE(second->unlock_range({0, 0}));
  EXPECT_TRUE(writer->try_lock_range({7, 1}, LockKind::exclusive).value());
  EXPECT_FALSE(writer->try_lock_range({7, 2}, LockKind::exclusive).value()) << "8 on: the first's";
}

TYPED_TEST(FileSystemContract, LocksRangesOfAnOpenFileOnlyAgainstOthers) {
  this->create("f", "");
  auto first = this->open("f", OpenMode::write);
  const auto second = this->open("f", OpenMode::write);
  EXPECT_TRUE(first->try_lock_range({0, 10}, LockKind::exclusive).value());
  EXPECT_TRUE(first->try_lock_range({3, 2}, LockKind::shared).value());
  EXPECT_TRUE(second->try_lock_range({3, 2}, LockKind::shared).value());
  EXPECT_FALSE(second->try_lock_range({2, 1}, LockKind::shared).value());
  EXPECT_FALSE(second->try_lock_range({5, 1}, LockKind::shared).value());
  EXPECT_TRUE(second->locked_by_other().value());
  first.reset();
  EXPECT_TRUE(second->try_lock_range({0, 10}, LockKind::exclusive).value());
}

TYPED_TEST(FileSystemContract, RefusesAnExclusiveRangeToWhatIsOpenForReading) {
  this->create("f", "");
  EXPECT_FALSE(this->open("f", OpenMode::read)->try_lock_range({1, 1}, LockKind::exclusive));
}

}  // namespace
}  // namespace tally::store
