#include "shipper/shipper.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "shipper/make_sink.h"
#include "shipper/status_file.h"
#include "store/disk/posix_file_system.h"
#include "store/sink_cursors.h"
#include "store/sink_orders.h"
#include "store/sink_position.h"
#include "store/store.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

// A shipper's thread beside a store that takes events, as in a collector.

namespace tally::tests {
namespace {

using shipper::Condition;
using shipper::Shipper;
using shipper::ShipperStats;

class ShipperTest : public testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    store::StoreOptions options;
    options.directory = data_;
    options.file_bytes = 1024 * 1024;
    store_ = std::move(store::Store::open(files_, clock_, options)).value();
  }

  void post(std::uint64_t events) {
    for (std::uint64_t i = 0; i < events; ++i) {
      const std::string line = event_line(++events_);
      expected_ += line + '\n';
      ASSERT_TRUE(submit_and_wait(*store_, make_batch({line}, clock_.now())));
    }
  }

  std::unique_ptr<Shipper> shipper(const std::string& parameters = "") {
    const std::string out = (directory_.path() / "out").string();
    return make(
        std::move(shipper::plan_sink("file://" + out + "?name=out&linger_ms=0" + parameters))
            .value());
  }

  std::unique_ptr<Shipper> make(shipper::SinkPlan plan) {
    plan.options.retry_first = plan.options.retry_most = std::chrono::milliseconds{1};
    return std::make_unique<Shipper>(files_, clock_, data_, plan.options, plan.factory);
  }

  std::string shipped() const {
    std::ifstream file(directory_.path() / "out", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  /// Waits for what the shipper's own thread does.
  template <class Condition>
  static testing::AssertionResult comes_true(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return testing::AssertionFailure();
      std::this_thread::yield();
    }
    return testing::AssertionSuccess();
  }

  static auto has_sent(const Shipper& shipper, std::uint64_t next) {
    return [&shipper, next] { return shipper.stats().next == Sequence{next}; };
  }

  const TemporaryDirectory directory_;
  const store::Path data_ = directory_.path() / "data";
  store::PosixFileSystem files_;
  ManualClock clock_;
  std::unique_ptr<store::Store> store_;
  store::SinkOrders orders_{files_, store::StorePaths(data_), "out"};
  std::uint64_t events_ = 0;
  std::string expected_;
};

TEST_F(ShipperTest, ShipsWhatIsThereAndWhatComes) {
  post(3);
  const auto ship = shipper();
  ship->start();
  ASSERT_TRUE(comes_true(has_sent(*ship, 4)));
  post(2);
  ASSERT_TRUE(comes_true(has_sent(*ship, 6)));
  ship->stop();
  EXPECT_EQ(shipped(), expected_);
  EXPECT_EQ(ship->stats().sink.events, 5U);
}

TEST_F(ShipperTest, ANewSinkMayBeginWithWhatComesNow) {
  post(3);
  const auto ship = shipper("&start=now");
  ship->start();
  ASSERT_TRUE(comes_true(has_sent(*ship, 4)));
  expected_.clear();
  post(1);
  ASSERT_TRUE(comes_true(has_sent(*ship, 5)));
  ship->stop();
  EXPECT_EQ(shipped(), expected_);
}

TEST_F(ShipperTest, APauseHoldsItAndARewindSendsAgain) {
  post(2);
  const auto ship = shipper();
  ship->start();
  ASSERT_TRUE(comes_true(has_sent(*ship, 3)));
  ASSERT_TRUE(orders_.pause("maintenance"));
  ASSERT_TRUE(comes_true([&] { return ship->stats().condition == Condition::paused; }));
  EXPECT_EQ(ship->stats().trouble, "maintenance");
  post(1);
  ASSERT_TRUE(orders_.set_rewind(Sequence{2}));
  ASSERT_TRUE(orders_.resume());
  ASSERT_TRUE(comes_true([&] { return ship->stats().sink.events == 4; }));
  ship->stop();
  EXPECT_EQ(orders_.rewind().value(), std::nullopt);
  const auto line = [](std::uint64_t number) { return event_line(number) + "\n"; };
  EXPECT_EQ(shipped(), line(1) + line(2) + line(2) + line(3));
}

TEST_F(ShipperTest, APauseReachesASinkThatWaitsForItsReceiver) {
  post(1);
  const auto ship =
      make(shipper::plan_sink("kafka://127.0.0.1:1/audit?name=out&rdkafka.log_level=0").value());
  ship->start();
  ASSERT_TRUE(comes_true([&] { return ship->stats().condition == Condition::retrying; }));
  EXPECT_NE(ship->stats().trouble, "");
  ASSERT_TRUE(orders_.pause("maintenance"));
  ASSERT_TRUE(comes_true([&] { return ship->stats().condition == Condition::paused; }));
  ASSERT_TRUE(orders_.resume());
  ASSERT_TRUE(comes_true([&] { return ship->stats().condition == Condition::retrying; }));
  const auto status = [&] {
    return shipper::read_status(files_, store::StorePaths(data_), "out").value();
  };
  EXPECT_TRUE(comes_true([&] { return status() && status()->condition == "retrying"; }))
      << "and whoever asks is told";
  ship->stop();
}

TEST_F(ShipperTest, TellsHowFarItIsBehindWhileNothingIsSent) {
  post(3);
  auto ship = shipper();
  ship->start();
  ASSERT_TRUE(comes_true(has_sent(*ship, 4)));
  ASSERT_TRUE(orders_.pause("maintenance"));
  const auto pauses = [&] { return ship->stats().condition == Condition::paused; };
  ASSERT_TRUE(comes_true(pauses));
  clock_.time += std::chrono::seconds{5};
  const UtcTime received = clock_.now();
  post(2);
  const auto tells = [&] {
    const ShipperStats stats = ship->stats();
    return stats.next == Sequence{4} && stats.end == Sequence{6} && stats.waiting_since == received;
  };
  EXPECT_TRUE(comes_true(tells));
  ship->stop();
  ship = shipper();
  ship->start();
  EXPECT_TRUE(comes_true(tells)) << "after a restart, too";
  EXPECT_TRUE(comes_true(pauses));
  ship->stop();
}

TEST_F(ShipperTest, TellsHowFarItIsBehindWhileItsReceiverIsNotThere) {
  post(2);
  const auto ship =
      make(shipper::plan_sink("kafka://127.0.0.1:1/audit?name=out&rdkafka.log_level=0").value());
  ship->start();
  EXPECT_TRUE(comes_true([&] {
    const ShipperStats stats = ship->stats();
    return stats.next == Sequence{1} && stats.end == Sequence{3} &&
           stats.waiting_since == clock_.now();
  }));
  EXPECT_EQ(store::read_sink_cursors(files_, store::StorePaths(data_), store_->id()).value(),
            (std::vector<store::SinkCursor>{{"out", kFirstSequence}}))
      << "retention and whoever lists the sinks know it";
  ship->stop();
}

TEST_F(ShipperTest, TellsSinceWhenTheFirstEventWaitsThatAReceiverDoesNotTake) {
  const auto ship =
      make(shipper::plan_sink("loki+http://127.0.0.1:1?name=out&linger_ms=0").value());
  ship->start();
  post(1);
  const UtcTime received = clock_.now();
  ASSERT_TRUE(comes_true([&] { return ship->stats().waiting_since == received; }));
  clock_.time += std::chrono::seconds{5};
  post(1);
  ASSERT_TRUE(comes_true([&] { return ship->stats().end == Sequence{3}; }));
  EXPECT_EQ(ship->stats().waiting_since, received);
  EXPECT_EQ(ship->stats().next, kFirstSequence);
  ship->stop();
}

TEST_F(ShipperTest, ASecondOneOfTheSameNameWaitsAndSaysWhoHasIt) {
  post(1);
  const auto first = shipper();
  first->start();
  ASSERT_TRUE(comes_true(has_sent(*first, 2)));
  const auto second = shipper();
  second->start();
  ASSERT_TRUE(comes_true([&] { return second->stats().condition == Condition::retrying; }));
  EXPECT_NE(second->stats().trouble.find("is served by process"), std::string::npos);
  first->stop();
  post(1);
  ASSERT_TRUE(comes_true(has_sent(*second, 3)));
  second->stop();
  EXPECT_EQ(shipped(), expected_);
}

/// What its receiver says is decided by the test.
class Scripted final : public shipper::Sink {
 public:
  explicit Scripted(const std::atomic<int>& answer) : answer_(answer) {}

  Result<bool> take(const store::Chunk& events) override {
    if (answer_ == 1) return Error{Errc::io, "the receiver hung up"};
    if (answer_ == 2) return Error{Errc::invalid, "the receiver knows no such tenant"};
    if (answer_ == 3) return false;
    if (answer_ == 4) return Error{Errc::no_space, "the disk is full"};
    if (answer_ == 5) return Error{Errc::not_found, "there is no such topic"};
    next_ = advance(events.first, events.count);
    return true;
  }
  Result<void> flush() override { return ok(); }
  Result<std::optional<store::SinkState>> progress(std::chrono::milliseconds) override {
    return std::optional(store::SinkState{next_, ""});
  }
  shipper::SinkStats stats() const override { return {}; }

 private:
  const std::atomic<int>& answer_;
  Sequence next_{};
};

class ScriptedShipperTest : public ShipperTest {
 protected:
  std::unique_ptr<Shipper> scripted() {
    shipper::SinkPlan plan;
    plan.options.name = "out";
    plan.factory = [this](const shipper::SinkContext&) -> Result<std::unique_ptr<shipper::Sink>> {
      ++made_;
      return std::make_unique<Scripted>(answer_);
    };
    return make(std::move(plan));
  }

  std::atomic<int> answer_{0};
  std::atomic<int> made_{0};
};

TEST_F(ScriptedShipperTest, BeginsAnewAfterWhatMayHeal) {
  const auto ship = scripted();
  ship->start();
  for (const int what : {1, 4, 5}) {
    answer_ = what;
    post(1);
    const int before = made_;
    ASSERT_TRUE(comes_true([&] { return made_ > before + 3; })) << what;
    answer_ = 0;
    ASSERT_TRUE(comes_true(has_sent(*ship, events_ + 1)));
    EXPECT_EQ(ship->stats().condition, Condition::sending);
  }
}

TEST_F(ScriptedShipperTest, StopsForWhatSomebodyHasToMend) {
  answer_ = 2;
  post(1);
  const auto ship = scripted();
  ship->start();
  ASSERT_TRUE(comes_true([&] { return orders_.paused().value().has_value(); }));
  EXPECT_EQ(*orders_.paused().value(), "stopped: the receiver knows no such tenant");
  ASSERT_TRUE(comes_true([&] { return ship->stats().condition == Condition::stopped; }));
  EXPECT_EQ(made_, 1);
  answer_ = 0;
  ASSERT_TRUE(orders_.resume());
  ASSERT_TRUE(comes_true(has_sent(*ship, 2)));
}

TEST_F(ScriptedShipperTest, AStopDoesNotBeginWhatIsPaused) {
  post(1);
  ASSERT_TRUE(files_.create_directories(store::StorePaths(data_).cursors()));
  ASSERT_TRUE(orders_.pause("maintenance"));
  const auto ship = scripted();
  ship->start();
  ASSERT_TRUE(comes_true([&] { return ship->stats().condition == Condition::paused; }));
  ship->stop();
  EXPECT_EQ(made_, 0);
}

TEST_F(ScriptedShipperTest, ARestartIsAResumeOfWhatHadStoppedAndOfNothingElse) {
  post(1);
  ASSERT_TRUE(files_.create_directories(store::StorePaths(data_).cursors()));
  ASSERT_TRUE(orders_.pause("stopped: the receiver knows no such tenant"));
  auto ship = scripted();
  ship->start();
  ASSERT_TRUE(comes_true(has_sent(*ship, 2)));
  ship.reset();
  ASSERT_TRUE(orders_.pause("maintenance"));
  ship = scripted();
  ship->start();
  ASSERT_TRUE(comes_true([&] { return ship->stats().condition == Condition::paused; }));
  EXPECT_EQ(made_, 1);
}

TEST_F(ScriptedShipperTest, AFullSinkIsOfferedTheSameAgainAndAStopIsNotHeldUp) {
  answer_ = 3;
  post(2);
  const auto ship = scripted();
  ship->start();
  ASSERT_TRUE(comes_true([&] { return ship->stats().condition == Condition::sending; }));
  answer_ = 0;
  ASSERT_TRUE(comes_true(has_sent(*ship, 3)));
  answer_ = 3;
  post(1);
  ship->stop();
  EXPECT_EQ(ship->stats().next, Sequence{3});
}

}  // namespace
}  // namespace tally::tests
