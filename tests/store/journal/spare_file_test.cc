#include "store/journal/spare_file.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/support/fault_file_system.h"

namespace tally::store {
namespace {

using tests::Fault;
using tests::FaultKind;

constexpr std::uint64_t kBytes = 2 * 1024 * 1024 + 4096 + 17;

class ASpareFile : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files_.create_directories(paths_.journal())); }

  std::string content(FileSystem& files) {
    const auto file = files.open(paths_.spare(), OpenMode::read);
    if (!file) return "(missing)";
    std::string text(kBytes + 1, '?');
    text.resize(file.value()->read_at(0, text).value());
    return text;
  }

  bool there() { return files_.exists(paths_.spare()).value(); }

  tests::FaultFileSystem files_;
  StorePaths paths_{"/store"};
};

TEST_F(ASpareFile, IsWrittenZerosThatSurviveACrash) {
  ASSERT_TRUE(write_spare(files_, paths_, kBytes));
  EXPECT_TRUE(content(files_) == std::string(kBytes, '\0'));
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    std::mt19937_64 random(seed);
    EXPECT_TRUE(content(*files_.after_crash(random)) == std::string(kBytes, '\0')) << seed;
  }
}

TEST_F(ASpareFile, ReplacesOneThatIsThere) {
  {
    const auto file = files_.open(paths_.spare(), OpenMode::create);
    const std::string_view part = "half made";
    ASSERT_TRUE(file.value()->write_at(5 * kBytes, {&part, 1}));
  }
  ASSERT_TRUE(write_spare(files_, paths_, 10));
  EXPECT_EQ(content(files_), std::string(10, '\0'));
}

TEST_F(ASpareFile, LeavesNothingOnAFullDisk) {
  files_.set_fault(Fault{.kind = FaultKind::no_space, .at = 4, .lasting = true});
  const auto written = write_spare(files_, paths_, kBytes);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::no_space);
  EXPECT_FALSE(there());
}

TEST_F(ASpareFile, LeavesNothingAfterAnySingleFailure) {
  const std::uint64_t before = files_.operations();
  ASSERT_TRUE(write_spare(files_, paths_, kBytes));
  const std::uint64_t count = files_.operations() - before;
  for (const FaultKind kind : {FaultKind::io, FaultKind::half_write}) {
    for (std::uint64_t at = 2; at <= count; ++at) {  // The first removes the one from before.
      files_.set_fault(Fault{.kind = kind, .at = at});
      EXPECT_FALSE(write_spare(files_, paths_, kBytes)) << at;
      EXPECT_FALSE(there()) << at;
    }
  }
  files_.set_fault(Fault{.kind = FaultKind::io, .at = 1});
  EXPECT_EQ(write_spare(files_, paths_, kBytes).error().code, Errc::io);
}

}  // namespace
}  // namespace tally::store
