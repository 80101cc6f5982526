#include "query/record_sorter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fault_file_system.h"

namespace tally::query {
namespace {

using Record = std::pair<SortKey, std::string>;

std::vector<Record> random_records(std::mt19937_64& random, std::size_t count) {
  std::vector<Record> records;
  for (std::uint64_t i = 0; i < count; ++i) {
    records.push_back({{random() % 50, i}, std::string(random() % 60, 'a')});
    records.back().second += std::to_string(i);
  }
  std::shuffle(records.begin(), records.end(), random);
  return records;
}

std::vector<std::string> expected_order(std::vector<Record> records, std::uint64_t limit) {
  std::sort(records.begin(), records.end());
  std::vector<std::string> expected;
  for (const Record& record : records) {
    if (expected.size() < limit) expected.push_back(record.second);
  }
  return expected;
}

std::vector<std::string> drain(RecordSorter& sorter) {
  std::vector<std::string> got;
  while (true) {
    const auto record = sorter.next();
    EXPECT_TRUE(record);
    if (!record || !record.value()) return got;
    got.emplace_back(*record.value());
  }
}

TEST(RecordSorter, SortsAsAListDoesWithAnyMemoryLimitAndFanIn) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto records = random_records(random, random() % 2000);
    SorterOptions options;
    options.memory_bytes_max = 2048 << (random() % 8);
    options.fan_in_max = 2 + random() % 4;
    if (random() % 2 == 0) options.limit = random() % 2000;
    tests::FaultFileSystem files;
    RecordSorter sorter(files, options);
    for (const auto& [key, text] : records) ASSERT_TRUE(sorter.add(key, text));
    ASSERT_TRUE(sorter.finish());
    EXPECT_EQ(drain(sorter), expected_order(records, options.limit));
    EXPECT_TRUE(files.list("").value().empty());
  }
}

TEST(RecordSorter, StaysInMemoryIfItCan) {
  tests::FaultFileSystem files;
  RecordSorter sorter(files, SorterOptions{});
  for (std::uint64_t i = 0; i < 1000; ++i) ASSERT_TRUE(sorter.add({1000 - i, i}, "x"));
  ASSERT_TRUE(sorter.finish());
  EXPECT_EQ(sorter.spilled_bytes(), 0u);
}

TEST(RecordSorter, ASmallLimitNeedsNoFile) {
  tests::FaultFileSystem files;
  SorterOptions options;
  options.limit = 3;
  options.memory_bytes_max = 1024 * 1024;
  RecordSorter sorter(files, options);
  const std::string record(100, 'x');
  for (std::uint64_t i = 0; i < 100'000; ++i) ASSERT_TRUE(sorter.add({100'000 - i, i}, record));
  EXPECT_TRUE(sorter.has_room_for({0, 0}));
  EXPECT_FALSE(sorter.has_room_for({90'000, 0}));
  ASSERT_TRUE(sorter.finish());
  EXPECT_EQ(sorter.spilled_bytes(), 0u);
  EXPECT_EQ(drain(sorter).size(), 3u);
}

TEST(RecordSorter, RecordsLargerThanTheMemoryComeThrough) {
  tests::FaultFileSystem files;
  SorterOptions options;
  options.memory_bytes_max = 1024;
  RecordSorter sorter(files, options);
  const std::string large(100'000, 'b');
  ASSERT_TRUE(sorter.add({2, 1}, large));
  ASSERT_TRUE(sorter.add({1, 2}, "a"));
  ASSERT_TRUE(sorter.add({3, 3}, ""));
  ASSERT_TRUE(sorter.finish());
  EXPECT_EQ(drain(sorter), (std::vector<std::string>{"a", large, ""}));
}

TEST(SortKey, ReversedPutsTheNewestFirst) {
  const UtcTime early{std::chrono::nanoseconds{1}};
  const UtcTime late{std::chrono::nanoseconds{2}};
  EXPECT_LT(make_sort_key(early, Sequence{9}, false), make_sort_key(late, Sequence{1}, false));
  EXPECT_LT(make_sort_key(early, Sequence{1}, false), make_sort_key(early, Sequence{2}, false));
  EXPECT_GT(make_sort_key(early, Sequence{9}, true), make_sort_key(late, Sequence{1}, true));
  EXPECT_GT(make_sort_key(early, Sequence{1}, true), make_sort_key(early, Sequence{2}, true));
}

}  // namespace
}  // namespace tally::query
