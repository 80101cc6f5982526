#include "store/journal/journal_file.h"

#include <gtest/gtest.h>

#include "store/journal/journal_format.h"
#include "store/journal/journal_scan.h"
#include "store/journal/spare_file.h"
#include "tests/support/fault_file_system.h"

namespace tally::tests {
namespace {

using store::JournalFile;

constexpr std::uint64_t kFileBytes = 4096;

class JournalFileTest : public testing::Test {
 protected:
  JournalFileTest() { EXPECT_TRUE(files.create_directories(paths.journal())); }

  JournalFile create(bool spare) {
    if (spare) {
      EXPECT_TRUE(store::write_spare(files, paths, kFileBytes));
    }
    store::FileHeader header;
    header.number = 1;
    header.first = kFirstSequence;
    return std::move(JournalFile::create(files, paths, header, spare)).value();
  }

  std::uint64_t size() {
    return files.open(paths.journal_file(1), store::OpenMode::read).value()->size().value();
  }

  /// Appends bytes that stand for a commit so that `left` bytes of the file remain.
  void fill(JournalFile& file, std::uint64_t left) {
    const std::string bytes(kFileBytes - left - file.end(), 'x');
    const std::string_view part = bytes;
    ASSERT_TRUE(file.append({&part, 1}));
    ASSERT_EQ(file.end(), kFileBytes - left);
  }

  std::string tail(std::uint64_t offset) {
    std::string bytes(kFileBytes, '\0');
    auto file = files.open(paths.journal_file(1), store::OpenMode::read).value();
    bytes.resize(file->read_at(offset, bytes).value());
    return bytes;
  }

  FaultFileSystem files;
  store::StorePaths paths{"/store"};
};

TEST_F(JournalFileTest, SpansTheZerosBehindTheLastCommitWithARestHeader) {
  JournalFile file = create(true);
  EXPECT_TRUE(file.empty());
  EXPECT_EQ(size(), kFileBytes);
  fill(file, 100);
  EXPECT_FALSE(file.empty());
  EXPECT_EQ(size(), kFileBytes);
  EXPECT_EQ(tail(file.end()), store::encode_rest(100) + std::string(100 - 8, '\0'));
}

TEST_F(JournalFileTest, EndsWhereTheZerosAreTooFewForARestHeader) {
  for (std::uint64_t left = 0; left < 2 * store::kRestHeaderBytes; ++left) {
    SCOPED_TRACE(left);
    JournalFile file = create(true);
    fill(file, left);
    EXPECT_EQ(size(), left < store::kRestHeaderBytes ? file.end() : kFileBytes);
    ASSERT_TRUE(files.remove(paths.journal_file(1)));
  }
}

TEST_F(JournalFileTest, GrowsWhereNothingWasWrittenAhead) {
  JournalFile file = create(false);
  EXPECT_EQ(size(), file.end());
  fill(file, 0);
  EXPECT_EQ(size(), kFileBytes);
}

TEST_F(JournalFileTest, TakesAnyCommitWhileEmptyAndNoneOverTheLimitLater) {
  JournalFile file = create(true);
  EXPECT_TRUE(file.fits(10 * kFileBytes, kFileBytes));
  fill(file, 100);
  EXPECT_TRUE(file.fits(100, kFileBytes));
  EXPECT_FALSE(file.fits(101, kFileBytes));
}

}  // namespace
}  // namespace tally::tests
