#include "store/disk/sha256_batch.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "store/disk/sha256.h"
#include "store/disk/sha256_lanes.h"

namespace tally::store {
namespace {

std::string random_text(std::mt19937& random, std::size_t length) {
  std::string text(length, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

TEST(Sha256Batch, HashesAnyLength) {
  Sha256Batch batch;
  std::mt19937 random(1);
  std::vector<std::string> messages;
  for (std::size_t length = 0; length < 6 * 64; ++length) {
    messages.push_back(random_text(random, length));
    batch.add({messages.back()});
  }
  const auto hashes = batch.hash();
  ASSERT_EQ(hashes.size(), messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) {
    ASSERT_EQ(hashes[i], sha256_of(messages[i])) << i;
  }
}

TEST(Sha256Batch, HashesAnyNumberOfMessagesAndIsEmptyThen) {
  Sha256Batch batch;
  std::mt19937 random(2);
  for (std::size_t count = 0; count < 5 * kSha256Lanes; ++count) {
    std::vector<std::string> messages;
    for (std::size_t i = 0; i < count; ++i) {
      // Some far longer than the others, so that lanes go idle.
      messages.push_back(random_text(random, random() % (i % 7 == 0 ? 5000 : 200)));
      batch.add({messages.back()});
    }
    ASSERT_EQ(batch.size(), count);
    const auto hashes = batch.hash();
    ASSERT_EQ(hashes.size(), count);
    ASSERT_EQ(batch.size(), 0U);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(hashes[i], sha256_of(messages[i])) << i;
  }
}

TEST(Sha256Batch, HashesPartsAsOne) {
  Sha256Batch batch;
  batch.add({"a", "", "b", "c"});
  batch.add({});
  const auto hashes = batch.hash();
  EXPECT_EQ(hashes[0], sha256_of("abc"));
  EXPECT_EQ(hashes[1], sha256_of(""));
}

TEST(Sha256Batch, ForgetsWhatWasTakenOut) {
  Sha256Batch batch;
  batch.add({std::string(1000, 'x')});
  batch.clear();
  batch.add({"abc"});
  const auto hashes = batch.hash();
  ASSERT_EQ(hashes.size(), 1U);
  EXPECT_EQ(hashes[0], sha256_of("abc"));
}

/// Both ways, whatever this processor would take.
TEST(Sha256Batch, GivesTheSameInLanesAndSingly) {
  if (!has_sha256_lanes()) GTEST_SKIP() << "this processor has no AVX-512";
  std::mt19937 random(3);
  std::string bytes;
  std::vector<PaddedMessage> messages;
  for (int i = 0; i < 200; ++i) {
    const std::size_t blocks = 1 + random() % 9;
    messages.push_back({bytes.size(), blocks});
    bytes += random_text(random, 64 * blocks);
  }
  std::vector<Sha256> singly(messages.size());
  std::vector<Sha256> in_lanes(messages.size());
  sha256_singly(bytes.data(), messages, singly);
  sha256_in_lanes(bytes.data(), messages, in_lanes);
  EXPECT_EQ(singly, in_lanes);
}

}  // namespace
}  // namespace tally::store
