#include "tests/shipper/kafka_fault_run.h"

#include "tests/shipper/fault_table.h"
#include "tests/support/patience.h"

namespace tally::tests {
namespace {

std::uint64_t events_of_a_round() { return few_or(4000, 40'000); }

}  // namespace

std::string KafkaFault::topic() const {
  return testing::UnitTest::GetInstance()->current_test_info()->name();
}

std::string KafkaFault::url(const KafkaBroker& brokers, const std::string& parameters,
                            std::uint64_t transaction_events) const {
  return "kafka://" + brokers.bootstrap() + "/" + topic() +
         "?name=kafka&rdkafka.reconnect.backoff.max.ms=500&transaction_events=" +
         std::to_string(transaction_events) + parameters;
}

void KafkaFault::begin(const std::string& url) {
  store.keep_for("kafka");
  ship = store.ship_to(url);
  ship->start();
}

void KafkaFault::add() { store.add(events_of_a_round()); }

std::string KafkaFault::wait_for_arrivals() {
  std::string said;
  wait_until([&] {
    const shipper::ShipperStats stats = ship->stats();
    if (!stats.trouble.empty()) said = stats.trouble;
    return stats.next == Sequence{store.size() + 1};
  });
  return said;
}

void KafkaFault::wait_for_somewhat_more(const TopicReader& reader) {
  const std::uint64_t until = reader.written() + 1 + below(events_of_a_round() / 2);
  wait_until([&] { return reader.written() >= until; });
}

std::string KafkaFault::wait_for_trouble(const std::string& part) {
  std::string said;
  wait_until([&] {
    said = ship->stats().trouble;
    return !said.empty() && said.find(part) != said.npos;
  });
  return said;
}

std::uint64_t KafkaFault::below(std::uint64_t end) {
  return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random);
}

void KafkaFault::count(const std::string& fault, const std::vector<TopicRecord>& records,
                       const std::string& said, std::uint64_t first) {
  const TopicCount count = count_records(records, first, store.size());
  FaultTable::shared().add(FaultRow{"Kafka", fault, store.size() + 1 - first, count.arrived,
                                    count.unique, 0, count.lost, count.doubled, said});
  EXPECT_EQ(count.lost, 0U);
  EXPECT_EQ(count.doubled, 0U);
  EXPECT_EQ(count.wrong, 0U);
  EXPECT_EQ(count.out_of_order, 0U);
}

}  // namespace tally::tests
