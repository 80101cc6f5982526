#include "store/segment/needle_filter.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "store/segment/text_hash.h"
#include "tests/store/segment/hostile_texts.h"

namespace tally::store {
namespace {

std::string filter_of(std::vector<std::uint64_t> hashes) {
  return NeedleFilter::build(std::move(hashes)).value();
}

Result<bool> ask(const std::string& filter, std::uint64_t hash) {
  return NeedleFilter::may_contain(
      hash, filter.size(), [&](std::uint64_t offset, std::size_t bytes) -> Result<std::string> {
        return filter.substr(offset, bytes);
      });
}

std::vector<std::uint64_t> hashes_of(std::uint64_t count) {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t i = 0; i < count; ++i) hashes.push_back(text_hash(std::to_string(i)));
  return hashes;
}

TEST(NeedleFilter, KnowsEveryValueThatIsThere) {
  for (const std::uint64_t count : {0, 1, 2, 3, 10, 100, 1000, 30'000}) {
    const auto hashes = hashes_of(count);
    const std::string filter = filter_of(hashes);
    for (const std::uint64_t hash : hashes) ASSERT_TRUE(ask(filter, hash).value()) << count;
  }
}

TEST(NeedleFilter, PassesFewThatAreNotThere) {
  constexpr std::uint64_t kCount = 30'000;
  const std::string filter = filter_of(hashes_of(kCount));
  std::uint64_t passed = 0;
  for (std::uint64_t i = kCount; i < 3 * kCount; ++i) {
    passed += ask(filter, text_hash(std::to_string(i))).value() ? 1 : 0;
  }
  // One in 256 is 234; five standard deviations are 77.
  EXPECT_LT(passed, 312U);
  EXPECT_GT(passed, 156U);
  EXPECT_FALSE(ask(filter_of({}), 1).value());
}

TEST(NeedleFilter, TakesTheSameValueMoreThanOnce) {
  auto hashes = hashes_of(1000);
  hashes.insert(hashes.end(), hashes.begin(), hashes.end());
  hashes.insert(hashes.end(), 500, hashes[0]);
  const std::string filter = filter_of(hashes);
  for (const std::uint64_t hash : hashes) ASSERT_TRUE(ask(filter, hash).value());
  EXPECT_LT(filter.size(), 1500U);
}

TEST(NeedleFilter, IsNotThereForKeysThatWereChosenAgainstIt) {
  auto hashes = tests::hashes_without_filter();
  EXPECT_FALSE(NeedleFilter::build(hashes));
  hashes.pop_back();
  EXPECT_TRUE(NeedleFilter::build(hashes));
}

TEST(NeedleFilter, IsNotThereIfAllKeysWereChosenForOneSection) {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t i = 0; i < 3 * NeedleFilter::kSectionKeys; ++i)
    hashes.push_back(mixed(i) >> 9);
  EXPECT_FALSE(NeedleFilter::build(hashes));
}

TEST(NeedleFilter, SplitsIntoSections) {
  const auto hashes = hashes_of(NeedleFilter::kSectionKeys + 1000);
  const std::string filter = filter_of(hashes);
  for (std::size_t i = 0; i < hashes.size(); i += 97) ASSERT_TRUE(ask(filter, hashes[i]).value());
  const auto keys = static_cast<double>(hashes.size());
  EXPECT_LT(static_cast<double>(filter.size()) * 8 / keys, 9.5);
}

TEST(NeedleFilter, RefusesWhatIsNoFilter) {
  const std::string filter = filter_of(hashes_of(100));
  for (std::size_t length = 0; length < filter.size(); ++length) {
    EXPECT_FALSE(ask(filter.substr(0, length), 1)) << length;
  }
  for (std::size_t at = 0; at < 17; ++at) {
    std::string damaged = filter;
    damaged[at] = '\xFF';
    (void)ask(damaged, 1);  // An answer or an error, but within the filter.
  }
}

}  // namespace
}  // namespace tally::store
