#include "shipper/store_census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/disk/posix_file_system.h"
#include "store/store.h"
#include "tests/shipper/census_log.h"
#include "tests/support/sink_file.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {
namespace {

using shipper::CensusRange;
using shipper::SinkCensus;
using shipper::StoreCensus;
using std::chrono::minutes;
using testing::Each;
using testing::Ge;
using testing::IsEmpty;

/// A store of many files, with 200 events in 20 minutes; a sink has got 195.
class StoreCensusTest : public testing::Test {
 protected:
  void SetUp() override {
    store::StoreOptions options;
    options.directory = data_;
    options.file_bytes = 64 * 1024;
    options.file_events_max = 20;
    store_ = std::move(store::Store::open(files_, clock_, options)).value();
    for (int i = 0; i < 20; ++i) {
      std::vector<std::string> lines;
      for (int j = 1; j <= 10; ++j) lines.push_back(event_line(i * 10U + j));
      ASSERT_TRUE(submit_and_wait(*store_, make_batch(lines, clock_.now())));
      clock_.time += minutes(1);
    }
    ASSERT_TRUE(
        put_sink_file(files_, store::StorePaths(data_), store_->id(), "sink", Sequence{196}));
  }

  std::vector<SinkCensus> count(const CensusRange& range) {
    auto store = StoreCensus::open(files_, data_, "sink", range);
    EXPECT_TRUE(store) << store.error().context;
    std::vector<SinkCensus> portions;
    while (auto census = store.value().next(log_).value()) portions.push_back(std::move(*census));
    return portions;
  }

  TemporaryDirectory directory_;
  const std::string data_ = (directory_.path() / "data").string();
  store::PosixFileSystem files_;
  ManualClock clock_;
  const UtcTime began_ = clock_.now();
  std::unique_ptr<store::Store> store_;
  CensusLog log_;
};

TEST_F(StoreCensusTest, CountsUpToTheCursor) {
  const auto portions = count({});
  ASSERT_EQ(portions.size(), 1U);
  EXPECT_EQ(portions[0].first(), kFirstSequence);
  EXPECT_EQ(portions[0].end(), Sequence{196});
  EXPECT_EQ(portions[0].here_count(), 195U);
}

TEST_F(StoreCensusTest, PortionsFollowOneAnother) {
  for (const std::uint64_t sequences : {1U, 7U, 10U, 64U, 195U, 1000U}) {
    Sequence next = kFirstSequence;
    for (const SinkCensus& portion : count({.sequences = sequences})) {
      EXPECT_EQ(portion.first(), next);
      EXPECT_LE(portion.here_count(), sequences);
      EXPECT_EQ(portion.here_count(), distance(next, portion.end()));
      next = portion.end();
    }
    EXPECT_EQ(next, Sequence{196}) << sequences;
  }
}

TEST_F(StoreCensusTest, IsBoundedByTimesAndReadsNoFileThatEndsBefore) {
  const CensusRange range{began_ + minutes(12), began_ + minutes(15), 20};
  const auto portions = count(range);
  ASSERT_EQ(portions.size(), 2U);
  EXPECT_EQ(portions.front().first(), Sequence{121});
  EXPECT_EQ(portions.back().end(), Sequence{151});
  EXPECT_EQ(portions.front().first_received(), *range.since);
  EXPECT_THAT(log_.times, Each(Ge(*range.since - minutes(2)))) << "a file has two minutes";
  EXPECT_THAT(count({.since = began_ + minutes(30), .until = {}}), IsEmpty());
  EXPECT_THAT(count({.since = {}, .until = began_}), IsEmpty());
}

}  // namespace
}  // namespace tally::tests
