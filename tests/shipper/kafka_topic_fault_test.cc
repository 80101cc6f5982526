#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/kafka/topic_admin.h"
#include "tests/shipper/kafka_fault_run.h"
#include "tests/support/patience.h"

// Topics that are deleted while they are shipped to. What they held is gone with them.

namespace tally::tests {
namespace {

class KafkaTopics : public KafkaFault {
 protected:
  /// The topic is deleted in the middle of events, and is there again only after the sink has said
  /// so: then it goes on by itself.
  void delete_and_make_anew(const std::string& fault, const std::string& parameters) {
    const TopicReader reader(broker.bootstrap(), topic());
    admin.create(topic(), 3);
    begin(url(broker, parameters));
    add();
    wait_until([&] { return reader.written() > 0; });
    admin.remove(topic());
    const auto deleted = std::chrono::steady_clock::now();
    add();
    const std::string said = wait_for_trouble("create the topic, or add create=PARTITIONS");
    const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - deleted);
    EXPECT_NE(ship->stats().condition, shipper::Condition::stopped);
    const std::uint64_t first = to_number(ship->stats().next);
    admin.create(topic(), 3);
    add();
    wait_for_arrivals();
    ship->stop();
    count(fault, reader.read_all(), "after " + std::to_string(after.count()) + " ms: " + said,
          first);
  }

  KafkaBroker& broker = KafkaBroker::shared();
  TopicAdmin admin{broker.bootstrap()};
};

TEST_F(KafkaTopics, DeletedAndMadeAnewByTheSink) {
  const TopicReader reader(broker.bootstrap(), topic());
  begin(url(broker));
  add();
  wait_for_arrivals();
  const std::uint64_t first = store.size() + 1;
  admin.remove(topic());
  add();
  add();
  const std::string said = wait_for_arrivals();
  ship->stop();
  count("the topic is deleted; with create=", reader.read_all(), said, first);
}

TEST_F(KafkaTopics, DeletedAndMadeAnewByTheOperator) {
  // Not librdkafka tells of it, which waits for as long as a record may take.
  delete_and_make_anew("the topic is deleted while it is shipped to; made anew",
                       "&rdkafka.message.timeout.ms=600000&rdkafka.transaction.timeout.ms=600000");
}

TEST_F(KafkaTopics, DeletedAndMadeAnewWithoutTransactions) {
  delete_and_make_anew("the topic is deleted while it is shipped to; made anew; mode=idempotent",
                       "&mode=idempotent");
}

}  // namespace
}  // namespace tally::tests
