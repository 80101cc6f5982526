#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bench/blocking_client.h"
#include "tests/ingest/consume_harness.h"
#include "tests/support/patience.h"

// Collectors ship to a topic, central Tallies read it, and all of them end at any moment.

namespace tally::tests {
namespace {

class Fleet : public Consuming {
 protected:
  Fleet() {
    admin.create(topic(), 3);
    for (int i = 1; i <= 2; ++i) {
      const std::string number = std::to_string(i);
      all_.push_back(
          start("collector" + number, {"--ship", "kafka://" + broker.bootstrap() + "/" + topic() +
                                                     "?create=3&transaction_events=500"
                                                     "&rdkafka.reconnect.backoff.max.ms=500"}));
    }
    for (int i = 1; i <= 2; ++i) {
      const std::string number = std::to_string(i);
      all_.push_back(start("central" + number, {"--consume", url("&member=" + number + "/2")}));
    }
  }

  std::unique_ptr<bench::CollectorProcess> start(const std::string& name,
                                                 std::vector<std::string> arguments) {
    auto process = std::make_unique<bench::CollectorProcess>(bench::CollectorOptions{
        .program = TALLY_PROGRAM, .directory = store(name), .arguments = std::move(arguments)});
    process->start();
    return process;
  }

  /// Posts the next `count` events to the collectors, each container always to the same one.
  void post(std::uint64_t count) {
    std::string bodies[2];
    for (std::uint64_t i = 0; i < count; ++i) {
      ++posted_;
      bodies[posted_ % 7 % 2] += numbered_event(posted_) + "\n";
    }
    for (std::size_t i = 0; i < 2; ++i) {
      bench::BlockingClient client(all_[i]->port());
      const auto answer =
          client.exchange(bench::post_request("/v1/events", bench::kNdjson, bodies[i]));
      ASSERT_TRUE(answer && answer->status == 200);
    }
  }

  double arrived() const {
    return figure(*all_[2], "events_total") + figure(*all_[3], "events_total");
  }

  std::vector<std::unique_ptr<bench::CollectorProcess>> all_;
  std::uint64_t posted_ = 0;
};

TEST_F(Fleet, BringsEveryEventToOneCentralOnce) {
  std::mt19937 random(std::random_device{}());
  const auto upto = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  for (int i = 0; i < 6; ++i) {
    post(4000);
    // Somewhere in the middle of it.
    const double some = arrived() + upto(2000);
    wait_until([&] { return arrived() >= some; });
    if (i == 3) {
      broker.kill(1);
      broker.start(1);
    } else {
      auto& victim = all_[static_cast<std::size_t>(upto(3))];
      victim->kill();
      victim->start();
    }
  }
  for (auto& process : all_) {
    process->kill();
    process->start();
  }
  const auto stored = [&] {
    return stored_lines(store("central1")).size() + stored_lines(store("central2")).size();
  };
  wait_until([&] { return stored() >= posted_; });
  for (auto& process : all_) EXPECT_EQ(process->stop(), 0);
  auto lines = stored_lines(store("central1"));
  expect_order_of_containers(lines);
  const auto second = stored_lines(store("central2"));
  expect_order_of_containers(second);
  EXPECT_GT(lines.size(), 0u);
  EXPECT_GT(second.size(), 0u);
  lines.insert(lines.end(), second.begin(), second.end());
  expect_each_once(lines, 1, posted_);
}

}  // namespace
}  // namespace tally::tests
