#include <gtest/gtest.h>

#include <string>

#include "bench/collector_process.h"
#include "tests/shipper/loki_fault_run.h"
#include "tests/shipper/shipping_process.h"
#include "tests/support/patience.h"

// `tally ship` is told to end while its sink waits, for whatever that may be. Then the rest is
// shipped.

namespace tally::tests {
namespace {

using shipper::CannedAnswer;
using shipper::Fault;

class LokiStops : public LokiFault {
 protected:
  ShippingProcess ship_in_a_process(const std::string& parameters) {
    store.keep_for("loki");
    add();
    return ShippingProcess(store, "loki", url(parameters));
  }

  /// All is well again.
  void ship_the_rest(const std::string& fault, const std::string& said) {
    front.set(Fault::none);
    receiver.answer_all({});
    ship = another_shipper();
    ship->start();
    finish(fault, said);
  }
};

TEST_F(LokiStops, InBackoff) {
  front.go_down();
  auto process = ship_in_a_process("batch_bytes=65536");
  process.wait_for_trouble("nobody listens");
  const std::string ended = process.end();
  front.come_back();
  ship_the_rest("SIGTERM in backoff", ended);
}

TEST_F(LokiStops, InRetryAfter) {
  receiver.answer_all(CannedAnswer{429, "slow down", std::chrono::seconds(60)});
  auto process = ship_in_a_process("batch_bytes=65536");
  process.wait_for_trouble("429");
  ship_the_rest("SIGTERM in a minute of Retry-After", process.end());
}

TEST_F(LokiStops, WaitingForAnAnswer) {
  front.set(Fault::hang);
  auto process = ship_in_a_process("batch_bytes=65536&timeout_s=600");
  wait_until([&] { return !front.headers().empty(); });
  ship_the_rest("SIGTERM while it waits for an answer that does not come", process.end());
}

TEST_F(LokiStops, PacedStream) {
  auto process = ship_in_a_process("batch_bytes=65536&stream_rate=1000");
  wait_until([&] { return !receiver.statuses().empty(); });
  ship_the_rest("SIGTERM while a paced stream waits", process.end());
}

TEST_F(LokiStops, CollectorWithFourThatWait) {
  front.set(Fault::hang_unread);
  store.keep_for("loki");
  add();
  store.close();
  const std::string elsewhere =
      "loki+http://" + front.address() + "?label.host=h&timeout_s=600&name=";
  bench::CollectorProcess collector(
      {.program = TALLY_PROGRAM,
       .directory = store.directory(),
       .arguments = {"--ship", url("timeout_s=600"), "--ship", elsewhere + "second", "--ship",
                     elsewhere + "third", "--ship", "kafka://127.0.0.1:1/audit?name=fourth"}});
  collector.start();
  wait_until([&] {
    return front.connections() >= 3 && collector.metric(R"(tally_sink_up{sink="fourth"})") == 0;
  });
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(collector.stop(), 0);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begun);
  ship_the_rest("SIGTERM to a collector, none of whose four sinks' receivers reads or is there",
                "ends " + std::to_string(took.count()) + " ms after SIGTERM");
}

}  // namespace
}  // namespace tally::tests
