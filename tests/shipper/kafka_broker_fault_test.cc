#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "tests/shipper/fault_table.h"
#include "tests/shipper/kafka_fault_run.h"
#include "tests/support/user_namespaces.h"

// Brokers that die, fall silent, hand over, or have no room.

namespace tally::tests {
namespace {

using KafkaBrokers = KafkaFault;

TEST_F(KafkaBrokers, KilledAndStartedAgain) {
  SCOPED_TRACE(seed_text());
  KafkaBroker& broker = KafkaBroker::shared();
  const std::uint64_t kills = few_or(3, 10);
  const TopicReader reader(broker.bootstrap(), topic());
  begin(url(broker));
  std::string said;
  for (std::uint64_t kill = 0; kill < kills; ++kill) {
    add();
    wait_for_somewhat_more(reader);
    broker.kill(1);
    said = wait_for_trouble("");
    broker.start(1);
  }
  wait_for_arrivals();
  ship->stop();
  count("the broker is killed and started again, " + std::to_string(kills) + " times" + seed_text(),
        reader.read_all(), said);
}

TEST_F(KafkaBrokers, SilentAndBackAgain) {
  SCOPED_TRACE(seed_text());
  KafkaBroker& broker = KafkaBroker::shared();
  const TopicReader reader(broker.bootstrap(), topic());
  begin(url(broker, "&create=3&rdkafka.socket.timeout.ms=2000"));
  add();
  wait_for_somewhat_more(reader);
  broker.pause(1);
  add();
  const std::string said = wait_for_trouble("");
  broker.resume(1);
  add();
  wait_for_arrivals();
  ship->stop();
  count("the broker is paused and resumed" + seed_text(), reader.read_all(), said);
}

TEST_F(KafkaBrokers, DiskFullAndFreed) {
  if (!have_user_namespaces()) {
    GTEST_SKIP() << "NOT TESTED: a full disk of a broker's. There are no user namespaces here "
                    "(unshare -rm).";
  }
  constexpr std::uint64_t kMegabytes = 256;
  KafkaBroker broker(1, kMegabytes);
  begin(url(broker));
  add();
  wait_for_arrivals();
  broker.fill_disk(1);
  add();
  // Its only disk has failed: the broker ends.
  const std::string said = wait_for_trouble("Connection refused");
  broker.free_disk(1);
  broker.start(1);
  add();
  wait_for_arrivals();
  ship->stop();
  count("the broker's disk is full, and freed", TopicReader(broker.bootstrap(), topic()).read_all(),
        said);
}

/// One of three brokers after the other is killed, or falls silent: leaders of partitions, and the
/// coordinator of transactions, move.
TEST_F(KafkaBrokers, LeadersMove) {
  if (!is_full_run()) GTEST_SKIP() << "takes minutes: --full";
  SCOPED_TRACE(seed_text());
  constexpr int kRounds = 8;
  KafkaBroker cluster(3);
  const TopicReader reader(cluster.bootstrap(), topic());
  begin(url(cluster));
  std::string said;
  for (int round = 0; round < kRounds; ++round) {
    add();
    wait_for_somewhat_more(reader);
    const int broker = 1 + static_cast<int>(below(3));
    const bool silent = below(2) == 0;
    std::printf("round %d: broker %d %s\n", round, broker, silent ? "falls silent" : "is killed");
    std::fflush(stdout);
    silent ? cluster.pause(broker) : cluster.kill(broker);
    // The others go on without it.
    add();
    // It may have no trouble: this broker may lead nothing at the moment.
    if (const std::string trouble = wait_for_arrivals(); !trouble.empty()) said = trouble;
    silent ? cluster.resume(broker) : cluster.start(broker);
  }
  ship->stop();
  count("leaders of three brokers move, 8 times" + seed_text(), reader.read_all(), said);
}

}  // namespace
}  // namespace tally::tests
