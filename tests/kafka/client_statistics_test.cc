#include "kafka/client_statistics.h"

#include <gtest/gtest.h>

namespace tally::kafka {
namespace {

// As librdkafka 2.0 prints it, shortened.
constexpr std::string_view kTwoBrokers = R"({ "name": "tally#producer-1", "type": "producer",
  "msg_cnt": 22710, "msg_size": 704010, "msg_max": 500000, "tx": 631, "tx_bytes": 168584479,
  "brokers": {
    "localhost:9092/2": { "nodeid": 2, "source": "learned", "state": "UP", "tx": 320,
      "txretries": 3, "req_timeouts": 1,
      "rtt": { "min": 1580, "p99": 105000, "cnt": 1 } },
    "localhost:9093/3": { "nodeid": 3, "source": "learned", "state": "CONNECT",
      "txretries": 4, "req_timeouts": 0,
      "rtt": { "p99": 2000, "cnt": 9 } },
    "TxnCoordinator": { "nodeid": 2, "source": "logical", "state": "UP" } },
  "topics": {} })";

TEST(ClientStatistics, AreThoseOfAllBrokers) {
  const auto statistics = parse_statistics(kTwoBrokers);
  ASSERT_TRUE(statistics);
  EXPECT_EQ(statistics->queued_records, 22710U);
  EXPECT_EQ(statistics->queued_bytes, 704010U);
  EXPECT_EQ(statistics->requests, 631U);
  EXPECT_EQ(statistics->request_retries, 7U);
  EXPECT_EQ(statistics->request_timeouts, 1U);
  EXPECT_EQ(statistics->brokers_up, 1U);
  EXPECT_DOUBLE_EQ(statistics->round_trip_seconds, 0.105);
}

TEST(ClientStatistics, AreNotMadeUp) {
  EXPECT_FALSE(parse_statistics(""));
  EXPECT_FALSE(parse_statistics("{"));
  EXPECT_FALSE(parse_statistics(R"({"msg_cnt":1})"));
}

TEST(ClientStatistics, TakeWhatThereIs) {
  const auto statistics =
      parse_statistics(R"({"msg_cnt":-1,"tx":"x","brokers":{"a":{"rtt":{}},"b":1}})");
  ASSERT_TRUE(statistics);
  EXPECT_EQ(statistics->queued_records, 0U);
  EXPECT_EQ(statistics->brokers_up, 0U);
}

}  // namespace
}  // namespace tally::kafka
