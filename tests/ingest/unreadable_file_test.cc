#include "ingest/unreadable_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.h"

namespace tally::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(UnreadableFile, IsExplainedWithOwnerModeAndRemedy) {
  const tests::TemporaryDirectory directory;
  const std::string path = directory.path() / "audit.jsonl";
  std::ofstream(path) << "{}";
  std::filesystem::permissions(path, std::filesystem::perms{0600});
  constexpr uid_t kNobodyKnown = 54'321;
  const std::string text = explain_unreadable(path, kNobodyKnown);
  EXPECT_THAT(text, HasSubstr("mode 0600"));
  EXPECT_THAT(text, HasSubstr("cannot be read by 54321"));
  EXPECT_THAT(text, HasSubstr("setfacl -m u:54321:r " + path));
  EXPECT_THAT(text, Not(HasSubstr("usermod")));
  const bool root = ::geteuid() == 0;
  EXPECT_THAT(text, HasSubstr(root ? "belongs to root, group root" : "belongs to "));
  std::filesystem::permissions(path, std::filesystem::perms{0640});
  EXPECT_THAT(explain_unreadable(path, kNobodyKnown), HasSubstr("usermod -aG"));
}

}  // namespace
}  // namespace tally::ingest
