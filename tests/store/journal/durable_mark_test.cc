#include "store/journal/durable_mark.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "store/disk/crc32c.h"
#include "store/disk/posix_file_system.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/temporary_directory.h"

namespace tally::store {
namespace {

constexpr DurableMark kMark{7, 123456789, Sequence{81985}};

/// A file whose first looks fall into a write: the second half of what they see is missing.
class BusyFile final : public File {
 public:
  BusyFile(std::unique_ptr<File> file, int looks) : file_(std::move(file)), looks_(looks) {}

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    auto count = file_->read_at(offset, into);
    if (looks_-- > 0) std::fill(into.begin() + 20, into.end(), '\0');
    return count;
  }
  Result<void> write_at(std::uint64_t offset, std::span<const std::string_view> parts) override {
    return file_->write_at(offset, parts);
  }
  Result<void> sync_data() override { return file_->sync_data(); }
  Result<void> truncate(std::uint64_t bytes) override { return file_->truncate(bytes); }
  Result<std::uint64_t> size() override { return file_->size(); }
  void drop_cache() override { file_->drop_cache(); }
  Result<bool> try_lock() override { return file_->try_lock(); }
  Result<bool> locked_by_other() override { return file_->locked_by_other(); }
  Result<bool> try_lock_range(const LockRange& range, LockKind kind) override {
    return file_->try_lock_range(range, kind);
  }
  Result<void> unlock_range(const LockRange& range) override { return file_->unlock_range(range); }

 private:
  std::unique_ptr<File> file_;
  int looks_;
};

class ADurableMark : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files_.create_directories(paths_.directory)); }

  void write(const DurableMark& mark) {
    auto writer = DurableMarkWriter::open(files_, paths_);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer.value().write(mark));
  }

  std::optional<DurableMark> read() { return read_durable_mark(files_, paths_).value(); }

  std::string bytes() {
    std::string text(100, '\0');
    const auto file = files_.open(paths_.durable(), OpenMode::read);
    text.resize(file.value()->read_at(0, text).value());
    return text;
  }

  void put(std::string_view text) {
    const auto file = files_.open(paths_.durable(), OpenMode::open_or_create);
    ASSERT_TRUE(file.value()->write_at(0, {&text, 1}));
    ASSERT_TRUE(file.value()->truncate(text.size()));
  }

  void put_with_crc(std::string text) {
    const std::uint32_t crc = crc32c(std::string_view(text).substr(0, 36));
    for (std::size_t i = 0; i < 4; ++i) text[36 + i] = static_cast<char>(crc >> (8 * i));
    put(text);
  }

  tests::FaultFileSystem files_;
  StorePaths paths_{"/store"};
};

TEST_F(ADurableMark, ReadsBackTheLastOne) {
  write(kMark);
  EXPECT_EQ(read(), kMark);
  write({8, 0, Sequence{5}});
  EXPECT_EQ(read(), (DurableMark{8, 0, Sequence{5}}));
}

TEST_F(ADurableMark, IsNothingBeforeTheFirstWrite) {
  EXPECT_EQ(read(), std::nullopt);
  ASSERT_TRUE(DurableMarkWriter::open(files_, paths_));
  EXPECT_EQ(read(), std::nullopt);
}

TEST_F(ADurableMark, SurvivesOpeningTheWriterAgain) {
  write(kMark);
  ASSERT_TRUE(DurableMarkWriter::open(files_, paths_));
  EXPECT_EQ(read(), kMark);
}

/// The example of docs/format/durable.md.
TEST_F(ADurableMark, HasTheseBytesOnDisk) {
  write(kMark);
  constexpr std::string_view kExpected(
      "tallymrk"
      "\x01\x00\x00\x00"
      "\x07\x00\x00\x00\x00\x00\x00\x00"
      "\x15\xCD\x5B\x07\x00\x00\x00\x00"
      "\x41\x40\x01\x00\x00\x00\x00\x00"
      "\x9A\x7F\xCF\x68",
      40);
  EXPECT_EQ(bytes(), kExpected);
}

TEST_F(ADurableMark, CostsOneWriteAndNoSync) {
  auto writer = DurableMarkWriter::open(files_, paths_);
  const std::uint64_t before = files_.operations();
  ASSERT_TRUE(writer.value().write(kMark));
  EXPECT_EQ(files_.operations(), before + 1);
  EXPECT_EQ(files_.trace().back().kind, tests::OperationKind::write);
}

TEST_F(ADurableMark, IsNothingWithAnyByteChangedOrMissing) {
  write(kMark);
  const std::string whole = bytes();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string torn = whole;
    torn[i] = static_cast<char>(torn[i] ^ 0x40);
    put(torn);
    EXPECT_EQ(read(), std::nullopt) << "byte " << i;
    put(std::string_view(whole).substr(0, i));
    EXPECT_EQ(read(), std::nullopt) << i << " bytes";
  }
  put(whole);
  EXPECT_EQ(read(), kMark);
}

TEST_F(ADurableMark, IsLookedAtAgainWhileItIsWritten) {
  write(kMark);
  BusyFile file(files_.open(paths_.durable(), OpenMode::read).value(), 5);
  EXPECT_EQ(read_durable_mark(file).value(), kMark);
  BusyFile broken(files_.open(paths_.durable(), OpenMode::read).value(), 1'000'000);
  EXPECT_EQ(read_durable_mark(broken).value(), std::nullopt);
}

TEST_F(ADurableMark, RefusesANewerVersion) {
  write(kMark);
  put_with_crc(bytes().replace(8, 1, "\x02"));
  EXPECT_EQ(read_durable_mark(files_, paths_).error().code, Errc::unsupported);
}

TEST_F(ADurableMark, IsNotTakenFromAForeignFile) {
  write(kMark);
  put_with_crc(bytes().replace(0, 8, "somebody"));
  EXPECT_EQ(read(), std::nullopt);
}

TEST_F(ADurableMark, IsAnOlderOneOrNothingAfterACrash) {
  auto writer = DurableMarkWriter::open(files_, paths_);
  for (std::uint64_t i = 1; i <= 3; ++i) ASSERT_TRUE(writer.value().write({1, i, Sequence{i}}));
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    const auto mark = read_durable_mark(*files_.after_crash(random), paths_);
    ASSERT_TRUE(mark) << "seed " << seed;
    seen.insert(mark.value() ? mark.value()->offset : 0);
  }
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3}));
}

/// The real file system, since the stand-in never shows half a write.
TEST(DurableMark, IsNeverMissedNorMixedWhileItIsWritten) {
  const tests::TemporaryDirectory directory;
  PosixFileSystem files;
  const StorePaths paths(directory.path());
  auto writer = DurableMarkWriter::open(files, paths);
  ASSERT_TRUE(writer.value().write({0, 0, Sequence{0}}));
  std::atomic<bool> read_enough = false;
  std::jthread writing([&] {
    for (std::uint64_t i = 1; !read_enough; ++i) {
      ASSERT_TRUE(writer.value().write({i, ~i, Sequence{i}}));
    }
  });
  std::uint64_t last = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto mark = read_durable_mark(files, paths);
    ASSERT_TRUE(mark && mark.value());
    ASSERT_GE(mark.value()->file, last);
    last = mark.value()->file;
    ASSERT_EQ(mark.value()->offset, last == 0 ? 0 : ~last);
    ASSERT_EQ(mark.value()->next, Sequence{last});
  }
  read_enough = true;
}

}  // namespace
}  // namespace tally::store
