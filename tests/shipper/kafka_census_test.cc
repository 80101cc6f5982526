#include "shipper/kafka/kafka_census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shipper/make_census.h"
#include "shipper/store_census.h"
#include "store/sink_position.h"
#include "tests/kafka/kafka_broker.h"
#include "tests/kafka/topic_admin.h"
#include "tests/shipper/census_log.h"
#include "tests/shipper/sample_store.h"
#include "tests/shipper/topic_reader.h"
#include "tests/support/store_harness.h"

// What a real broker's topic has of a store's events.

namespace tally::tests {
namespace {

using shipper::SinkCensus;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class KafkaCensusTest : public testing::Test {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }

  std::string topic() const {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  std::string url(const std::string& parameters = "") const {
    return "kafka://" + broker.bootstrap() + "/" + topic() + "?name=topic&create=3" + parameters;
  }

  void ship(SampleStore& from, const std::string& parameters = "") {
    const auto shipped = from.ship_to(url(parameters))->run_once();
    ASSERT_TRUE(shipped) << shipped.error().context;
  }

  SinkCensus count() { return count(store.files(), store.directory(), {}); }

  SinkCensus count(store::FileSystem& files, const std::string& directory,
                   const shipper::CensusRange& range) {
    auto portions = shipper::StoreCensus::open(files, directory, "topic", range);
    EXPECT_TRUE(portions) << portions.error().context;
    auto census = portions.value().next(log).value();
    log.times.clear();
    const auto asked = shipper::plan_census(url()).value().ask(*census, log);
    EXPECT_TRUE(asked) << asked.error().context;
    return std::move(*census);
  }

  /// Over all hours: a test may run across the end of one.
  static shipper::CensusHour sum(const SinkCensus& census) {
    shipper::CensusHour sum;
    for (const shipper::CensusHour& hour : census.hours()) {
      sum.here += hour.here;
      sum.there += hour.there;
      sum.distinct += hour.distinct;
      sum.missing += hour.missing;
      sum.twice += hour.twice;
    }
    return sum;
  }

  static std::set<std::uint64_t> missing(const SinkCensus& census) {
    std::set<std::uint64_t> all;
    census.for_each_missing([&](Sequence first, Sequence last) {
      for (auto i = to_number(first); i <= to_number(last); ++i) all.insert(i);
    });
    return all;
  }

  KafkaBroker& broker = KafkaBroker::shared();
  SampleStore store;
  CensusLog log;
};

TEST_F(KafkaCensusTest, NamesExactlyWhatTheTopicHasDeleted) {
  store.add(200);
  ship(store);
  SampleStore other;
  other.add(200);
  ship(other);
  EXPECT_THAT(missing(count()), IsEmpty());
  EXPECT_EQ(sum(count()).there, 200U) << "not those of the other store";

  constexpr std::int64_t kBegin = 20;
  const auto records = TopicReader(broker.bootstrap(), topic()).read_all();
  const std::int32_t partition = records.front().partition;
  std::set<std::uint64_t> deleted;
  for (const TopicRecord& record : records) {
    const bool ours = record.headers.at("store") == to_string(store.id());
    if (ours && record.partition == partition && record.offset < kBegin)
      deleted.insert(record.sequence());
  }
  ASSERT_FALSE(deleted.empty());
  TopicAdmin(broker.bootstrap()).remove_records(topic(), partition, kBegin);
  const SinkCensus census = count();
  EXPECT_EQ(missing(census), deleted);
  EXPECT_EQ(sum(census).missing, deleted.size());
  EXPECT_THAT(census.notes(),
              ElementsAre(HasSubstr("partition " + std::to_string(partition) + " of " + topic() +
                                    " begins at offset 20, with a record of ")));
}

TEST_F(KafkaCensusTest, CountsWhatIsThereTwice) {
  store.add(50);
  ship(store, "&mode=idempotent");
  {
    auto position = store::SinkPosition::take_over(
        store.files(), store::StorePaths(store.directory()), store.id(), "topic");
    ASSERT_TRUE(position);
    ASSERT_TRUE(position.value().save({Sequence{41}, std::string(store::kRewoundNote)}));
  }
  ship(store, "&mode=idempotent");
  const shipper::CensusHour all = sum(count());
  EXPECT_EQ(all.there, 60U);
  EXPECT_EQ(all.distinct, 50U);
  EXPECT_EQ(all.twice, 10U);
  EXPECT_EQ(all.missing, 0U);
}

/// Of a topic of many days, an hour costs no more than an hour.
TEST_F(KafkaCensusTest, ReadsTheTopicFromWhenTheFirstEventCameIn) {
  const store::Path data = store.directory() / "other";
  ManualClock clock;
  clock.time = SystemClock().now() - std::chrono::hours(8);
  store::StoreOptions options;
  options.directory = data;
  auto other = store::Store::open(store.files(), clock, options).value();
  for (int i = 0; i < 8; ++i) {
    std::vector<std::string> lines;
    for (int j = 1; j <= 10; ++j) lines.push_back(SampleStore::line(i * 10U + j));
    ASSERT_TRUE(submit_and_wait(*other, make_batch(lines, clock.now())));
    clock.time += std::chrono::hours(1);
  }
  const auto plan = plan_of(url());
  shipper::Shipper shipper(store.files(), clock, data, plan.options, plan.factory);
  ASSERT_TRUE(shipper.run_once());
  const UtcTime since = clock.now() - std::chrono::hours(2);
  const SinkCensus census = count(store.files(), data, {.since = since, .until = {}});
  EXPECT_EQ(sum(census).here, 20U);
  EXPECT_EQ(sum(census).there, 20U);
  EXPECT_THAT(missing(census), IsEmpty());
  EXPECT_THAT(log.times, Not(IsEmpty()));
  EXPECT_THAT(log.times, Each(Ge(since - std::chrono::minutes(11))));
}

}  // namespace
}  // namespace tally::tests
