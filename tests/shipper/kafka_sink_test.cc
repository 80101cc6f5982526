#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "store/cursor.h"
#include "store/sink_orders.h"
#include "tests/kafka/kafka_broker.h"
#include "tests/shipper/sample_store.h"
#include "tests/shipper/topic_reader.h"

namespace tally::tests {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class KafkaSink : public testing::Test {
 protected:
  /// A topic of the test's own.
  std::string topic() const {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  std::string url(const std::string& parameters = "") const {
    return "kafka://" + broker.bootstrap() + "/" + topic() + "?create=3" + parameters;
  }
  TopicReader reader() const { return TopicReader(broker.bootstrap(), topic()); }

  KafkaBroker& broker = KafkaBroker::shared();
  SampleStore store;
};

TEST_F(KafkaSink, RecordsHaveKeyLineHeadersAndTimeOfReceipt) {
  store.add(50);
  const auto shipped = store.ship_to(url())->run_once();
  ASSERT_TRUE(shipped) << shipped.error().context;
  const auto records = reader().read_all();
  expect_exactly_once(records, 50);
  const auto milliseconds_of = [](UtcTime time) {
    return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
  };
  for (const TopicRecord& record : records) {
    const std::uint64_t number = record.sequence();
    EXPECT_EQ(record.key, SampleStore::key(number));
    EXPECT_EQ(record.value, SampleStore::line(number));
    const std::map<std::string, std::string> headers = {{"store", to_string(store.id())},
                                                        {"seq", std::to_string(number)},
                                                        {"service", "engine"},
                                                        {"operation", "start"},
                                                        {"time", std::string(SampleStore::kTime)}};
    EXPECT_EQ(record.headers, headers);
    EXPECT_GE(record.timestamp, milliseconds_of(store.began()));
    EXPECT_LE(record.timestamp, milliseconds_of(store.clock().now()));
  }
}

TEST_F(KafkaSink, KeysGoWhereKafkasOwnClientsPutThem) {
  store.add(50);
  ASSERT_TRUE(store.ship_to(url())->run_once());
  EXPECT_EQ(reader().partitions(), 3);
  std::set<std::int32_t> used;
  for (const TopicRecord& record : reader().read_all()) {
    const std::int32_t expected = rd_kafka_msg_partitioner_murmur2(
        nullptr, record.key.data(), record.key.size(), 3, nullptr, nullptr);
    EXPECT_EQ(record.partition, expected) << record.key;
    used.insert(record.partition);
  }
  EXPECT_GT(used.size(), 1u);
}

TEST_F(KafkaSink, TransactionsEndInTheMiddleOfWhatIsTaken) {
  store.add(5000);
  const auto shipper = store.ship_to(url("&transaction_events=300"));
  ASSERT_TRUE(shipper->run_once());
  expect_exactly_once(reader().read_all(), 5000);
  // A session that is over has taken its sink along: what it counted is seen in the topic, where
  // each transaction leaves a mark in each partition that it wrote to.
  EXPECT_GE(reader().written(), 5000u + 5000 / 300);
}

TEST_F(KafkaSink, HasNoMoreInHandThanItMay) {
  constexpr std::uint64_t kMemory = 2 * 1024 * 1024;
  store.add(5000);
  const auto sink = plan_of(url("&memory=2097152")).factory(store.context("full"));
  ASSERT_TRUE(sink);
  ASSERT_TRUE(sink.value()->begin({kFirstSequence, ""}));
  auto cursor = store::Cursor::open(store.files(), store.directory(), kFirstSequence);
  ASSERT_TRUE(cursor);
  // Nothing is confirmed as long as the broker is silent.
  broker.pause(1);
  std::uint64_t taken = 0;
  std::optional<store::Chunk> chunk;
  while (true) {
    auto next = cursor.value().next();
    ASSERT_TRUE(next && next.value());
    chunk = *next.value();
    const auto took = sink.value()->take(*chunk);
    ASSERT_TRUE(took);
    if (!took.value()) break;
    taken += chunk->lines.size();
    ASSERT_LT(taken, kMemory);
  }
  EXPECT_GT(taken, 0u);
  broker.resume(1);
  // There is room again as it is confirmed.
  while (true) {
    const auto took = sink.value()->take(*chunk);
    ASSERT_TRUE(took) << took.error().context;
    if (took.value()) break;
    ASSERT_TRUE(sink.value()->progress(milliseconds(500)));
  }
}

TEST_F(KafkaSink, GoesOnWhereTheTopicSaysThoughTheFileIsGone) {
  store.add(1000);
  ASSERT_TRUE(store.ship_to(url("&name=forgetful"))->run_once());
  store::SinkOrders orders(store.files(), store::StorePaths(store.directory()), "forgetful");
  ASSERT_TRUE(orders.forget());
  store.add(1000);
  ASSERT_TRUE(store.ship_to(url("&name=forgetful"))->run_once());
  expect_exactly_once(reader().read_all(), 2000);
}

TEST_F(KafkaSink, ShipsAgainFromWhereItIsRewoundTo) {
  store.add(100);
  ASSERT_TRUE(store.ship_to(url("&name=again"))->run_once());
  store::SinkOrders orders(store.files(), store::StorePaths(store.directory()), "again");
  ASSERT_TRUE(orders.set_rewind(Sequence{41}));
  ASSERT_TRUE(store.ship_to(url("&name=again"))->run_once());
  EXPECT_EQ(reader().read_all().size(), 160u);
  // And is not rewound a second time.
  ASSERT_TRUE(store.ship_to(url("&name=again"))->run_once());
  EXPECT_EQ(reader().read_all().size(), 160u);
}

TEST_F(KafkaSink, BeginsWithWhatIsNewWhereToldSo) {
  store.add(100);
  ASSERT_TRUE(store.ship_to(url("&start=now"))->run_once());
  store.add(10);
  ASSERT_TRUE(store.ship_to(url("&start=now"))->run_once());
  const auto records = reader().read_all();
  ASSERT_EQ(records.size(), 10u);
  for (const TopicRecord& record : records) EXPECT_GT(record.sequence(), 100u);
}

TEST_F(KafkaSink, IdempotentModeShipsWithoutTransactions) {
  store.add(10'000);
  const auto shipper = store.ship_to(url("&mode=idempotent&memory=1048576"));
  ASSERT_TRUE(shipper->run_once());
  expect_exactly_once(reader().read_all(), 10'000);
  // No mark of any transaction, and no cursor topic.
  EXPECT_EQ(reader().written(), 10'000u);
  EXPECT_EQ(TopicReader(broker.bootstrap(), topic() + ".tally-cursor").partitions(), 0);
  ASSERT_TRUE(store.ship_to(url("&mode=idempotent"))->run_once());
  EXPECT_EQ(reader().written(), 10'000u);
}

TEST_F(KafkaSink, MissingTopicIsRefusedAndNotMade) {
  const Error error = store.refusal("kafka://" + broker.bootstrap() + "/" + topic());
  EXPECT_EQ(error.code, Errc::not_found);
  EXPECT_THAT(error.context, HasSubstr("topic " + topic()));
  EXPECT_THAT(error.context, HasSubstr("create=PARTITIONS"));
  EXPECT_EQ(reader().partitions(), 0);
}

TEST_F(KafkaSink, UnknownPropertyIsRefusedByName) {
  const Error error = store.refusal(url("&rdkafka.compresion.codec=zstd"));
  EXPECT_EQ(error.code, Errc::invalid);
  EXPECT_THAT(error.context, HasSubstr("rdkafka.compresion.codec"));
}

TEST_F(KafkaSink, WaitsForBrokersThatCannotBeReachedAndSaysSo) {
  std::stop_source stop;
  // A port that nobody may listen on.
  const auto plan = plan_of("kafka://127.0.0.1:1/nowhere");
  auto made = plan.factory(store.context("waiting", stop.get_token()));
  ASSERT_TRUE(made);
  shipper::Sink& sink = *made.value();
  auto began = std::async(std::launch::async, [&] { return sink.begin({kFirstSequence, ""}); });
  while (sink.stats().trouble.empty()) {
    ASSERT_EQ(began.wait_for(milliseconds(10)), std::future_status::timeout);
  }
  EXPECT_THAT(sink.stats().trouble, HasSubstr("127.0.0.1:1"));
  stop.request_stop();
  const auto ended = began.get();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Errc::io);
}

}  // namespace
}  // namespace tally::tests
