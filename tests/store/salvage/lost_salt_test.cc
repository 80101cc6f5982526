#include "store/salvage/lost_salt.h"

#include <gtest/gtest.h>

#include <random>

#include "store/disk/crc32c.h"
#include "store/journal/journal_format.h"
#include "tests/support/bytes_file.h"
#include "tests/support/journal_bytes.h"

namespace tally::store {
namespace {

using tests::JournalBytes;

TEST(LostSalt, CrcsRunBackwards) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 200; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    const auto from = static_cast<std::uint32_t>(random());
    EXPECT_EQ(crc32c_seed_of(bytes, crc32c(bytes, from)), from);
    EXPECT_EQ(crc_seed(salt_of_seed(from)), from);
  }
}

TEST(LostSalt, IsFoundFromTheCommits) {
  const FileHeader header = tests::sample_file_header();
  JournalBytes journal(header);
  journal.commit({"{}"});
  journal.commit({"{}"});
  tests::BytesFile file(journal.finish(100));
  file.content.replace(0, journal.boundaries().front(), journal.boundaries().front(), '\0');
  const auto salt = find_lost_salt(file).value();
  ASSERT_TRUE(salt);
  EXPECT_EQ(crc_seed(*salt), crc_seed(header.salt));
}

/// Whoever posts a commit inside an event that is refused gets its bytes into a header.
TEST(LostSalt, IsNotThatOfACommitWithinARefusedEvent) {
  FileHeader forged_header = tests::sample_file_header();
  forged_header.salt = 1;
  JournalBytes forged(forged_header);
  for (int i = 0; i < 5; ++i) forged.commit({R"({"forged":true})"});
  const FileHeader header = tests::sample_file_header();
  JournalBytes journal(header);
  journal.commit({"{}"});
  Batch batch;
  batch.refused.emplace_back();
  batch.refused.back().bytes = forged.finish(0);
  batch.refused.back().length = batch.refused.back().bytes.size();
  journal.commit(batch);
  tests::BytesFile file(journal.finish(0));
  file.content.replace(0, journal.boundaries().front(), journal.boundaries().front(), '\0');
  const auto salt = find_lost_salt(file).value();
  ASSERT_TRUE(salt);
  EXPECT_EQ(crc_seed(*salt), crc_seed(header.salt));
}

TEST(LostSalt, IsNotThereWithoutACommit) {
  tests::BytesFile file(JournalBytes(tests::sample_file_header()).finish(100'000));
  EXPECT_FALSE(find_lost_salt(file).value());
}

}  // namespace
}  // namespace tally::store
