#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "tests/kafka/kafka_broker.h"
#include "tests/shipper/sample_store.h"
#include "tests/shipper/topic_reader.h"
#include "tests/support/patience.h"

// Sinks end at any moment: nothing is lost, and nothing is doubled.

namespace tally::tests {
namespace {

/// A sink that ends with an error after so many calls, whatever is under way: also when something
/// has just arrived, before anybody is told.
class FailingSink final : public shipper::Sink {
 public:
  FailingSink(std::unique_ptr<Sink> sink, std::uint64_t calls)
      : sink_(std::move(sink)), calls_(calls) {}

  Result<store::SinkState> begin(store::SinkState from) override {
    return sink_->begin(std::move(from));
  }
  Result<bool> take(const store::Chunk& events) override {
    if (over()) return kError;
    return sink_->take(events);
  }
  Result<void> flush() override {
    if (over()) return kError;
    return sink_->flush();
  }
  Result<std::optional<store::SinkState>> progress(std::chrono::milliseconds timeout) override {
    auto arrived = sink_->progress(timeout);
    if (over()) return kError;
    return arrived;
  }
  shipper::SinkStats stats() const override { return sink_->stats(); }

 private:
  static inline const Error kError{Errc::io, "the test ends this sink"};

  bool over() { return calls_-- == 0; }

  std::unique_ptr<Sink> sink_;
  std::uint64_t calls_;
};

class KafkaFailure : public testing::Test {
 protected:
  std::string topic() const {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  std::string url() const {
    return "kafka://" + broker.bootstrap() + "/" + topic() +
           "?create=3&transaction_events=700&rdkafka.reconnect.backoff.max.ms=500";
  }

  /// Ships all, with twenty sinks that end before their time.
  void ship_with_failures(shipper::SinkPlan plan) {
    constexpr std::uint64_t kEnds = 20;
    std::uint64_t made = 0;
    plan.factory =
        [&, make = plan.factory](
            const shipper::SinkContext& context) -> Result<std::unique_ptr<shipper::Sink>> {
      TALLY_TRY(auto sink, make(context));
      if (++made > kEnds) return sink;
      const std::uint64_t calls = std::uniform_int_distribution<std::uint64_t>(0, 12)(random);
      return std::make_unique<FailingSink>(std::move(sink), calls);
    };
    const auto shipper = store.ship_to(std::move(plan));
    while (made <= kEnds) (void)shipper->run_once();
    const auto shipped = shipper->run_once();
    EXPECT_TRUE(shipped) << shipped.error().context;
  }

  KafkaBroker& broker = KafkaBroker::shared();
  SampleStore store;
  std::uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
};

TEST_F(KafkaFailure, SinksThatEndInTheMiddleOfTransactions) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  store.add(30'000);
  ship_with_failures(plan_of(url()));
  expect_exactly_once(TopicReader(broker.bootstrap(), topic()).read_all(), 30'000);
}

TEST_F(KafkaFailure, IdempotentSinksThatEndLoseNothing) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  store.add(30'000);
  ship_with_failures(plan_of(url() + "&mode=idempotent&memory=1048576"));
  std::set<std::uint64_t> arrived;
  for (const TopicRecord& record : TopicReader(broker.bootstrap(), topic()).read_all()) {
    arrived.insert(record.sequence());
  }
  EXPECT_EQ(arrived.size(), 30'000u);
}

}  // namespace
}  // namespace tally::tests
