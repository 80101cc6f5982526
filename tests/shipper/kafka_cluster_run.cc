#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>
#include <string_view>

#include "tests/kafka/kafka_broker.h"
#include "tests/shipper/sample_store.h"
#include "tests/shipper/topic_reader.h"
#include "tests/support/patience.h"

// Three brokers, each partition on all of them. One after the other is killed, or falls silent, and
// leaders and the coordinator of transactions move. Takes minutes, so it runs with --full only.

namespace tally::tests {
namespace {

constexpr std::uint64_t kEventsOfARound = 8000;
constexpr int kRounds = 8;

TEST(KafkaCluster, LeadersMoveWhileEventsAreShipped) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t end) {
    return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random);
  };
  KafkaBroker cluster(3);
  SampleStore store;
  const auto shipper =
      store.ship_to("kafka://" + cluster.bootstrap() +
                    "/moved?create=3&transaction_events=2000&rdkafka.reconnect.backoff.max.ms=500");
  const TopicReader reader(cluster.bootstrap(), "moved");
  shipper->start();
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t first = reader.written() + 1 + below(kEventsOfARound / 2);
    store.add(kEventsOfARound);
    wait_until([&] { return reader.written() >= first; });
    const int broker = 1 + static_cast<int>(below(3));
    const bool silent = below(2) == 0;
    std::printf("round %d: broker %d %s\n", round, broker, silent ? "falls silent" : "is killed");
    std::fflush(stdout);
    if (silent) {
      cluster.pause(broker);
    } else {
      cluster.kill(broker);
    }
    // The others go on without it.
    store.add(kEventsOfARound);
    const Sequence all{store.size() + 1};
    wait_until([&] { return shipper->stats().next == all; });
    if (silent) {
      cluster.resume(broker);
    } else {
      cluster.start(broker);
    }
  }
  shipper->stop();
  expect_exactly_once(reader.read_all(), store.size());
}

}  // namespace
}  // namespace tally::tests

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc == 2 && std::string_view(argv[1]) == "--full") return RUN_ALL_TESTS();
  std::printf("usage: kafka_cluster_test --full: three brokers, some minutes\n");
  return 2;
}
