#include <gtest/gtest.h>

#include <string>

#include "tests/shipper/kafka_fault_run.h"
#include "tests/shipper/shipping_process.h"

// `tally ship` is told to end while its sink waits for brokers. Then the rest is shipped.

namespace tally::tests {
namespace {

class KafkaStops : public KafkaFault {
 protected:
  static constexpr const char* kImpatient = "&create=3&rdkafka.socket.timeout.ms=2000";

  void ship_the_rest(const std::string& fault, const std::string& said) {
    ship = store.ship_to(url(broker));
    ship->start();
    add();
    wait_for_arrivals();
    ship->stop();
    count(fault, TopicReader(broker.bootstrap(), topic()).read_all(), said);
  }

  /// The broker falls silent when all has arrived, and then there is more.
  void end_with_a_silent_broker(const std::string& fault, const std::string& url) {
    store.keep_for("kafka");
    add();
    ShippingProcess process(store, "kafka", url);
    process.wait_for_arrivals();
    broker.pause(1);
    add();
    process.wait_for_trouble("");
    const std::string ended = process.end();
    broker.resume(1);
    ship_the_rest(fault, ended);
  }

  KafkaBroker& broker = KafkaBroker::shared();
};

TEST_F(KafkaStops, WithoutBrokers) {
  store.keep_for("kafka");
  add();
  ShippingProcess process(store, "kafka", "kafka://127.0.0.1:1/" + topic() + "?name=kafka");
  process.wait_for_trouble("");
  ship_the_rest("SIGTERM while it waits for brokers", process.end());
}

TEST_F(KafkaStops, BeginningWithASilentBroker) {
  store.keep_for("kafka");
  add();
  broker.pause(1);
  ShippingProcess process(store, "kafka", url(broker));
  process.wait_for_begin();
  const std::string ended = process.end();
  broker.resume(1);
  ship_the_rest("SIGTERM while it begins, and the broker is silent", ended);
}

TEST_F(KafkaStops, Committing) {
  end_with_a_silent_broker("SIGTERM while it commits, and the broker is silent",
                           url(broker, kImpatient));
}

TEST_F(KafkaStops, WithAFullQueue) {
  end_with_a_silent_broker("SIGTERM while its memory is full, and the broker is silent",
                           url(broker, std::string(kImpatient) + "&memory=1048576", 100'000));
}

}  // namespace
}  // namespace tally::tests
