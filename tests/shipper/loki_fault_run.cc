#include "tests/shipper/loki_fault_run.h"

#include "store/sink_orders.h"
#include "tests/shipper/fault_table.h"
#include "tests/support/patience.h"

namespace tally::tests {

using shipper::Condition;

std::string LokiFault::url(const std::string& parameters) const {
  return "loki+http://" + front.address() + "?name=loki&label.host=h&" + parameters;
}

std::unique_ptr<shipper::Shipper> LokiFault::another_shipper(const std::string& parameters) {
  return store.ship_to(url(parameters));
}

void LokiFault::begin(const std::string& parameters) {
  store.keep_for("loki");
  ship = another_shipper(parameters);
  ship->start();
}

void LokiFault::add(std::uint64_t count) { store.add(count); }

void LokiFault::add() { add(few_or(2000, 40'000)); }

void LokiFault::wait_for_arrivals() {
  wait_until([&] { return ship->stats().next == Sequence{store.size() + 1}; });
}

std::string LokiFault::wait_for_trouble(const std::string& part) {
  std::string said;
  wait_until([&] {
    said = ship->stats().trouble;
    return said.find(part) != said.npos;
  });
  return said;
}

void LokiFault::add_until_removed(std::uint64_t segments) {
  wait_until([&] {
    add();
    wait_for_arrivals();
    return store.stats().seal.retention.segments_removed > segments;
  });
}

std::string LokiFault::wait_for_stop() {
  wait_until([&] { return ship->stats().condition == Condition::stopped; });
  return "stopped: " + ship->stats().trouble;
}

void LokiFault::resume() {
  store::SinkOrders orders(store.files(), store::StorePaths(store.directory()), "loki");
  // It has put this down before it says that it has stopped, or just after.
  wait_until([&] { return orders.paused().value().has_value(); });
  ASSERT_TRUE(orders.resume());
}

void LokiFault::finish(const std::string& fault, const std::string& said) {
  wait_for_arrivals();
  ship->stop();
  FaultRow row{"Loki", fault, store.size(), receiver.taken(), 0, 0, 0, 0, said};
  std::uint64_t stored_twice = 0;
  for (const auto& [number, times] : receiver.sequences()) {
    ++row.unique;
    if (times > 1) ++stored_twice;
  }
  row.dead = ship->stats().sink.dead;
  row.lost = row.shipped - row.unique - row.dead;
  row.doubled = row.arrived - row.unique;
  FaultTable::shared().add(row);
  EXPECT_EQ(row.lost, 0U);
  EXPECT_EQ(stored_twice, 0U) << "Loki takes what is sent again for the same";
  EXPECT_EQ(ship->stats().lost, 0U);
}

}  // namespace tally::tests
