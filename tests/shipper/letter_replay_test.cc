#include "shipper/letter_replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "shipper/dead_letters.h"
#include "shipper/make_sink.h"
#include "store/sink_orders.h"
#include "tests/shipper/loki_receiver.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

// Whole shippers to a receiver of Loki's rules, which are loosened after it has refused events.

namespace tally::shipper {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tests::FaultFileSystem;

constexpr std::uint64_t kEvents = 24;
constexpr std::uint64_t kLate = 16;  // an event that came in so much after it had happened
constexpr std::chrono::hours kLateBy{10 * 24};
constexpr std::size_t kTight = 400;   // longest line before
constexpr std::size_t kLoose = 1500;  // and after: the longest are still refused

/// Every fourth is too long at first, every twelfth for ever.
std::size_t padding_of(std::uint64_t number) {
  if (number % 12 == 0) return 2 * kLoose;
  return number % 4 == 0 ? 2 * kTight : 0;
}

class LetterReplayTest : public testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    store::StoreOptions options;
    options.directory = "/store";
    options.file_bytes = 64 * 1024;
    store_ = std::make_unique<tests::SealingStore>(
        std::move(tests::SealingStore::open(files_, clock_, options)).value());
    std::vector<std::string> lines;
    for (std::uint64_t i = 1; i <= kEvents; ++i) lines.push_back(line(i));
    const store::Batch batch = tests::make_batch(lines, clock_.now());
    const store::Batch* group = &batch;
    ASSERT_TRUE(store_->journal->commit({&group, 1}));
  }

  std::string line(std::uint64_t number) const {
    const UtcTime time = clock_.now() - (number == kLate ? kLateBy : std::chrono::hours{0});
    return R"({"timestamp":")" + format_rfc3339(time) +
           R"(","service":"engine","operation":"start","success":true,"metadata":{"n":)" +
           std::to_string(number) + R"(,"pad":")" + std::string(padding_of(number), 'x') + "\"}}";
  }

  static SinkPlan plan_of(const LokiReceiver& receiver) {
    auto plan = plan_sink("loki+http://" + receiver.address() +
                          "?name=loki&label.host=h&linger_ms=0&connections=2");
    plan.value().options.save_every = std::chrono::milliseconds{0};
    return std::move(plan).value();
  }

  Result<void> ship(store::FileSystem& files, const LokiReceiver& receiver) const {
    const SinkPlan plan = plan_of(receiver);
    return Shipper(files, clock_, "/store", plan.options, plan.factory).run_once();
  }

  /// The first way of all events, past tight rules.
  void ship_and_be_refused(FaultFileSystem& files) const {
    const LokiReceiver receiver({.max_line = kTight});
    ASSERT_TRUE(ship(files, receiver));
    ASSERT_THAT(dead(files), ElementsAre(4, 8, 12, 16, 20, 24));
  }

  store::SinkOrders orders(store::FileSystem& files) const { return {files, paths_, "loki"}; }

  /// The sequences in the file of dead letters, as a power cut would leave it.
  static std::vector<std::uint64_t> dead(const FaultFileSystem& files) {
    std::mt19937_64 random(1);
    const auto left = files.after_crash(random);
    std::vector<std::uint64_t> sequences;
    const auto lines = read_letter_lines(*left, kDead).value();
    for (const std::string& text : lines) {
      const auto letter = read_letter(text);
      sequences.push_back(letter ? to_number(letter->sequence) : 0);
    }
    return sequences;
  }

  static std::vector<std::uint64_t> arrived(const LokiReceiver& receiver) {
    std::vector<std::uint64_t> sequences;
    for (const auto& [number, times] : receiver.sequences()) sequences.push_back(number);
    return sequences;
  }

  static void append(store::FileSystem& files, const std::string& text) {
    const auto file = std::move(files.open(kDead, store::OpenMode::write)).value();
    const std::string_view part = text;
    ASSERT_TRUE(file->write_at(file->size().value(), {&part, 1}));
    ASSERT_TRUE(file->sync_data());
  }

  static constexpr const char* kDead = "/store/cursors/loki.dead";
  static constexpr const char* kReplaying = "/store/cursors/loki.replaying";

  FaultFileSystem files_;
  tests::ManualClock clock_;
  store::StorePaths paths_{"/store"};
  std::unique_ptr<tests::SealingStore> store_;
};

TEST_F(LetterReplayTest, WhatIsNotRefusedAnyMoreArrivesAndTheRestIsDeadAgain) {
  ship_and_be_refused(files_);
  ASSERT_TRUE(orders(files_).set_replay());
  const LokiReceiver receiver({.max_line = kLoose});
  ASSERT_TRUE(ship(files_, receiver));
  EXPECT_THAT(arrived(receiver), ElementsAre(4, 8, 16, 20)) << "the cursor has stayed";
  for (const StoredEntry& entry : receiver.entries()) {
    EXPECT_EQ(entry.line, line(std::stoull(entry.value("seq"))));
  }
  EXPECT_THAT(dead(files_), ElementsAre(12, 24));
  EXPECT_FALSE(orders(files_).replay().value());
  EXPECT_FALSE(files_.exists(kReplaying).value());
}

TEST_F(LetterReplayTest, NothingIsSentAgainUnlessSomebodyOrdersIt) {
  ship_and_be_refused(files_);
  const LokiReceiver receiver({.max_line = kLoose});
  ASSERT_TRUE(ship(files_, receiver));
  EXPECT_THAT(receiver.bodies(), IsEmpty());
  EXPECT_THAT(dead(files_), ElementsAre(4, 8, 12, 16, 20, 24));
}

TEST_F(LetterReplayTest, ALateOneComesWithItsTimeOfReceipt) {
  ship_and_be_refused(files_);
  ASSERT_TRUE(orders(files_).set_replay());
  LokiRules rules{.max_line = kLoose};
  rules.now = clock_.now() + std::chrono::hours{1};
  const LokiReceiver receiver(rules);
  ASSERT_TRUE(ship(files_, receiver));
  EXPECT_THAT(arrived(receiver), ElementsAre(4, 8, 16, 20));
  for (const StoredEntry& entry : receiver.entries()) {
    EXPECT_EQ(entry.time, clock_.now()) << entry.value("seq");
  }
}

TEST_F(LetterReplayTest, DamagedLinesStayAndLettersThatAreThereTwiceAreSentOnce) {
  ship_and_be_refused(files_);
  const std::string again = read_letter_lines(files_, kDead).value().front();
  append(files_, "{\"seq\":5,\"rea\n" + again + "\n");
  ASSERT_TRUE(orders(files_).set_replay());
  const LokiReceiver receiver({.max_line = kLoose});
  const auto plan = plan_of(receiver);
  Shipper shipper(files_, clock_, "/store", plan.options, plan.factory);
  ASSERT_TRUE(shipper.run_once());
  EXPECT_EQ(shipper.stats().sink.events, 4U);
  EXPECT_THAT(arrived(receiver), ElementsAre(4, 8, 16, 20));
  EXPECT_THAT(dead(files_), ElementsAre(12, 24, 0));
  EXPECT_THAT(read_letter_lines(files_, kDead).value().back(), "{\"seq\":5,\"rea");
  ASSERT_TRUE(orders(files_).set_replay());
  ASSERT_TRUE(ship(files_, receiver));
  EXPECT_THAT(dead(files_), ElementsAre(12, 24, 0)) << "once more, and there is one of it still";
}

TEST_F(LetterReplayTest, AnOrderWhileOneIsNotDoneIsDoneAfterIt) {
  ship_and_be_refused(files_);
  ASSERT_TRUE(files_.rename(kDead, kReplaying));
  {
    auto letters = std::move(DeadLetters::open(files_, clock_, paths_, "loki")).value();
    ASSERT_TRUE(letters.add(Sequence{3}, clock_.now(), line(3), "no"));
    ASSERT_TRUE(letters.sync());
  }
  ASSERT_TRUE(orders(files_).set_replay());
  const LokiReceiver receiver({.max_line = kLoose});
  ASSERT_TRUE(ship(files_, receiver));
  EXPECT_THAT(arrived(receiver), ElementsAre(3, 4, 8, 16, 20));
  EXPECT_THAT(dead(files_), ElementsAre(12, 24));
}

TEST_F(LetterReplayTest, ASinkWithoutDeadLettersLeavesThemAlone) {
  ship_and_be_refused(files_);
  ASSERT_TRUE(orders(files_).set_replay());
  auto plan = plan_sink("file:///out/all?name=loki").value();
  ASSERT_TRUE(Shipper(files_, clock_, "/store", plan.options, plan.factory).run_once());
  EXPECT_FALSE(orders(files_).replay().value());
  EXPECT_THAT(dead(files_), ElementsAre(4, 8, 12, 16, 20, 24));
}

TEST_F(LetterReplayTest, AnUnreachableReceiverHoldsUpNeitherAPauseNorAStop) {
  ship_and_be_refused(files_);
  ASSERT_TRUE(orders(files_).set_replay());
  LokiReceiver receiver({.max_line = kLoose});
  receiver.hold();
  auto plan = plan_sink("loki+http://" + receiver.address() + "?name=loki&label.host=h").value();
  Shipper shipper(files_, clock_, "/store", plan.options, plan.factory);
  shipper.start();
  receiver.wait_for_held(1);
  ASSERT_TRUE(orders(files_).pause("maintenance"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (shipper.stats().condition != Condition::paused) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::yield();
  }
  EXPECT_TRUE(files_.exists(kReplaying).value());
  receiver.let_go(false);
  ASSERT_TRUE(orders(files_).resume());
  while (receiver.sequences().size() < 4 || dead(files_).size() < 2) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::yield();
  }
  shipper.stop();
  EXPECT_FALSE(files_.exists(kReplaying).value());
}

/// At every operation in turn; then it is shipped again. What has arrived and what is dead together
/// are all.
class LetterReplayFaults : public LetterReplayTest,
                           public testing::WithParamInterface<tests::FaultKind> {
 protected:
  /// Which of a healthy run's operations are on the sink's files, from 1: the others only read.
  std::vector<std::uint64_t> operations_on_cursors(std::mt19937_64& random) const {
    const auto healthy = files_.after_crash(random);
    const std::uint64_t start = healthy->operations();
    const LokiReceiver receiver({.max_line = kLoose});
    EXPECT_TRUE(ship(*healthy, receiver));
    const auto trace = healthy->trace();
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t i = start; i < trace.size(); ++i) {
      if (trace[i].path.string().starts_with("/store/cursors")) numbers.push_back(i - start + 1);
    }
    return numbers;
  }
};

TEST_P(LetterReplayFaults, LoseNoLetter) {
  ship_and_be_refused(files_);
  append(files_, "damaged\n");
  ASSERT_TRUE(orders(files_).set_replay());
  std::mt19937_64 random(20261128);
  const std::vector<std::uint64_t> places = operations_on_cursors(random);
  EXPECT_GT(places.size(), 30U);
  for (const std::uint64_t at : places) {
    SCOPED_TRACE(testing::Message() << "operation " << at);
    const auto world = files_.after_crash(random);
    const LokiReceiver receiver({.max_line = kLoose});
    world->set_fault(tests::Fault{.kind = GetParam(), .at = at});
    (void)ship(*world, receiver);
    world->set_fault(std::nullopt);
    const auto after = world->after_crash(random);
    const auto again = ship(*after, receiver);
    ASSERT_TRUE(again) << to_string(again.error());
    ASSERT_THAT(arrived(receiver), ElementsAre(4, 8, 16, 20));
    ASSERT_THAT(dead(*after), testing::UnorderedElementsAre(0, 12, 24));
    ASSERT_FALSE(orders(*after).replay().value());
    ASSERT_FALSE(after->exists(kReplaying).value());
  }
}

std::string kind_name(const testing::TestParamInfo<tests::FaultKind>& of) {
  return of.param == tests::FaultKind::crash ? "Crash" : "Failure";
}

INSTANTIATE_TEST_SUITE_P(Kinds, LetterReplayFaults,
                         testing::Values(tests::FaultKind::crash, tests::FaultKind::io), kind_name);

}  // namespace
}  // namespace tally::shipper
