#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "shipper/make_sink.h"
#include "store/disk/posix_file_system.h"
#include "store/sink_orders.h"
#include "tests/shipper/loki_receiver.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

namespace tally::shipper {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

/// A real store on disk, and shippers from it to a receiver.
class LokiShipping : public testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    store::StoreOptions options;
    options.directory = directory_.path() / "data";
    options.address = "127.0.0.1:7514";
    options.file_bytes = 256 * 1024;
    auto opened = store::Store::open(files_, clock_, std::move(options));
    ASSERT_TRUE(opened) << to_string(opened.error());
    store_ = std::move(opened).value();
  }

  void add_events(std::uint64_t count) {
    std::vector<std::string> lines;
    for (std::uint64_t i = 0; i < count; ++i) lines.push_back(tests::event_line(++number_));
    ASSERT_TRUE(tests::submit_and_wait(*store_, tests::make_batch(lines, clock_.now())));
  }

  std::unique_ptr<Shipper> shipper_to(const LokiReceiver& receiver) {
    auto plan = plan_sink("loki+http://" + receiver.address() +
                          "?name=loki&label.host=h&batch_bytes=65536&linger_ms=1");
    EXPECT_TRUE(plan);
    return std::make_unique<Shipper>(files_, clock_, directory_.path() / "data",
                                     plan.value().options, plan.value().factory);
  }

  static void expect_all_once(const LokiReceiver& receiver, std::uint64_t count) {
    EXPECT_THAT(receiver.sequences(), SizeIs(count));
    for (const auto& [number, times] : receiver.sequences()) EXPECT_EQ(times, 1U) << number;
  }

  template <class Predicate>
  static void wait_until(Predicate predicate) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!predicate()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      std::this_thread::yield();
    }
  }

  tests::TemporaryDirectory directory_;
  store::PosixFileSystem files_;
  tests::ManualClock clock_;
  std::unique_ptr<store::Store> store_;
  std::uint64_t number_ = 0;
};

TEST_F(LokiShipping, GoesOnFromItsCursor) {
  LokiReceiver receiver;
  add_events(5000);
  ASSERT_TRUE(shipper_to(receiver)->run_once());
  expect_all_once(receiver, 5000);
  const std::size_t before = receiver.bodies().size();
  ASSERT_TRUE(shipper_to(receiver)->run_once());
  EXPECT_EQ(receiver.bodies().size(), before) << "there is nothing new";
  add_events(10);
  ASSERT_TRUE(shipper_to(receiver)->run_once());
  EXPECT_EQ(receiver.bodies().size(), before + 1) << "only what is new";
  expect_all_once(receiver, 5010);
}

TEST_F(LokiShipping, LosesNothingOverOutagesAndRestarts) {
  LokiReceiver receiver;
  for (int life = 0; life < 4; ++life) {
    receiver.answer_next({{503, "", {}}, {0, "", {}}});
    const auto shipper = shipper_to(receiver);
    shipper->start();
    for (int i = 0; i < 10; ++i) add_events(200);
    if (life % 2 == 0) {
      wait_until([&] { return receiver.sequences().size() >= number_ / 2; });
    }
    shipper->stop();
  }
  ASSERT_TRUE(shipper_to(receiver)->run_once());
  expect_all_once(receiver, number_);
}

TEST_F(LokiShipping, SendsAgainWhatLokiTakesForTheSame) {
  // As after a kill, but farther back, and so that batches begin elsewhere.
  LokiReceiver receiver;
  add_events(3000);
  ASSERT_TRUE(shipper_to(receiver)->run_once());
  const std::size_t before = receiver.bodies().size();
  store::SinkOrders orders(files_, store::StorePaths(directory_.path() / "data"), "loki");
  ASSERT_TRUE(orders.set_rewind(Sequence{777}));
  ASSERT_TRUE(shipper_to(receiver)->run_once());
  EXPECT_GT(receiver.bodies().size(), before);
  expect_all_once(receiver, 3000);
}

TEST_F(LokiShipping, StandsWhereItIsRefused) {
  LokiReceiver receiver;
  add_events(10);
  receiver.answer_next({{401, "no org id", {}}});
  const auto refused = shipper_to(receiver)->run_once();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid);
  EXPECT_THAT(refused.error().context, HasSubstr("401: no org id"));
  ASSERT_TRUE(shipper_to(receiver)->run_once());
  expect_all_once(receiver, 10);
}

TEST_F(LokiShipping, IdlesWithoutARequest) {
  LokiReceiver receiver;
  const auto shipper = shipper_to(receiver);
  shipper->start();
  add_events(1);
  wait_until([&] { return shipper->stats().next == Sequence{2}; });
  shipper->stop();
  EXPECT_THAT(receiver.bodies(), SizeIs(1));
}

}  // namespace
}  // namespace tally::shipper
