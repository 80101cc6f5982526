#include <gtest/gtest.h>

#include <string>

#include "store/sink_orders.h"
#include "tests/shipper/kafka_fault_run.h"
#include "tests/support/patience.h"

// Topics that are deleted while they are shipped to. What they held is gone with them.

namespace tally::tests {
namespace {

class KafkaTopics : public KafkaFault {
 protected:
  KafkaBroker& broker = KafkaBroker::shared();
};

TEST_F(KafkaTopics, DeletedAndMadeAnewByTheSink) {
  const TopicReader reader(broker.bootstrap(), topic());
  begin(url(broker));
  add();
  wait_for_arrivals();
  const std::uint64_t first = store.size() + 1;
  broker.change_topics("--delete --topic " + topic());
  wait_until([&] { return reader.partitions() == 0; });
  add();
  add();
  const std::string said = wait_for_arrivals();
  ship->stop();
  count("the topic is deleted; with create=", reader.read_all(), said, first);
}

/// librdkafka keeps silent about it until its records have waited for too long.
TEST_F(KafkaTopics, DeletedAndMadeAnewByTheOperator) {
  const TopicReader reader(broker.bootstrap(), topic());
  broker.change_topics("--create --partitions 3 --topic " + topic());
  begin(url(broker, "&rdkafka.message.timeout.ms=5000"));
  add();
  wait_for_somewhat_more(reader);
  broker.change_topics("--delete --topic " + topic());
  wait_until([&] { return reader.partitions() == 0; });
  add();
  const std::string said = wait_for_trouble("create the topic, or add create=PARTITIONS");
  store::SinkOrders orders(store.files(), store::StorePaths(store.directory()), "kafka");
  wait_until([&] { return orders.paused().value().has_value(); });
  const std::uint64_t first = to_number(ship->stats().next);
  broker.change_topics("--create --partitions 3 --topic " + topic());
  ASSERT_TRUE(orders.resume());
  add();
  wait_for_arrivals();
  ship->stop();
  count("the topic is deleted while it is shipped to; made anew, and resumed", reader.read_all(),
        "stopped: " + said, first);
}

}  // namespace
}  // namespace tally::tests
