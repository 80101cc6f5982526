#include "store/salvage/patient_file.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/support/bytes_file.h"

namespace tally::store {
namespace {

constexpr std::size_t kPage = 4096;

/// Reads that touch the third page fail.
class BadDisk final : public tests::BytesFile {
 public:
  using BytesFile::BytesFile;
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    if (offset < 3 * kPage && offset + into.size() > 2 * kPage) {
      return Error{Errc::io, "bad sector"};
    }
    return BytesFile::read_at(offset, into);
  }
};

TEST(PatientFile, ReadsAroundWhatTheDiskCannotRead) {
  const std::string content(5 * kPage + 7, 'x');
  PatientFile file(std::make_unique<BadDisk>(content));
  std::string read(content.size() + 10, '?');
  ASSERT_EQ(file.read_at(0, read).value(), content.size());
  std::string expected = content;
  expected.replace(2 * kPage, kPage, kPage, '\0');
  EXPECT_EQ(read.substr(0, content.size()), expected);
  ASSERT_EQ(file.unreadable().size(), 1U);
  EXPECT_EQ(file.unreadable()[0].offset, 2 * kPage);
  EXPECT_EQ(file.unreadable()[0].bytes, kPage);
}

TEST(PatientFile, IsNotWrittenTo) {
  PatientFile file(std::make_unique<tests::BytesFile>("content"));
  const std::string_view part = "other";
  EXPECT_FALSE(file.write_at(0, {&part, 1}));
  EXPECT_FALSE(file.truncate(0));
  EXPECT_FALSE(file.try_lock());
  EXPECT_EQ(file.size().value(), 7U);
}

}  // namespace
}  // namespace tally::store
