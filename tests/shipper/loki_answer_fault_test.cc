#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "tests/shipper/loki_fault_run.h"
#include "tests/support/patience.h"

// Receivers that are there, and will not have it.

namespace tally::tests {
namespace {

using shipper::CannedAnswer;
using shipper::Condition;
using shipper::LokiRules;
using testing::HasSubstr;

class LokiAnswers : public LokiFault {
 protected:
  LokiAnswers() : LokiFault(LokiRules{.max_line = kLineMax}) {}

  /// So many requests are answered so.
  void storm(const std::string& name, const CannedAnswer& answer, int requests) {
    begin();
    receiver.answer_all(answer);
    add();
    wait_until([&] { return receiver.statuses().size() >= static_cast<std::size_t>(requests); });
    const std::string said = wait_for_trouble(std::to_string(answer.status));
    receiver.answer_all({});
    add();
    finish(name, said);
  }

  /// All requests are answered so, until somebody has mended it and resumes the sink.
  void stop_and_resume(const std::string& name, const CannedAnswer& answer) {
    begin();
    add();
    wait_for_arrivals();
    receiver.answer_all(answer);
    add();
    const std::string said = wait_for_stop();
    EXPECT_THAT(said, HasSubstr(answer.body));
    receiver.answer_all({});
    resume();
    add();
    finish(name, said);
  }

  static constexpr std::size_t kLineMax = 1000;
};

TEST_F(LokiAnswers, TooManyRequests) { storm("429 storm", {429, "slow down", {}}, 3); }

TEST_F(LokiAnswers, TooManyRequestsWithRetryAfter) {
  storm("429 storm with Retry-After", {429, "slow down", std::chrono::seconds(1)}, 3);
}

TEST_F(LokiAnswers, ServerErrors) { storm("5xx storm", {500, "no quorum", {}}, 3); }

TEST_F(LokiAnswers, OneOfTenThousandIsRefused) {
  begin("batch_bytes=4194304");
  add(6789);
  store.add_line(SampleStore::line(6790) + std::string(kLineMax, ' '));
  add(3210);
  wait_for_arrivals();
  EXPECT_EQ(ship->stats().sink.dead, 1U);
  finish("400 for one entry in 10,000", "nothing: the entry is a dead letter");
}

TEST_F(LokiAnswers, AllAreRefusedForThemselves) {
  begin();
  for (std::uint64_t number = 1; number <= 200; ++number) {
    store.add_line(SampleStore::line(number) + std::string(kLineMax, ' '));
  }
  wait_for_arrivals();
  EXPECT_EQ(ship->stats().sink.dead, 200U);
  add();
  finish("400 for every entry, each too long", "nothing: these are dead letters");
}

TEST_F(LokiAnswers, AllAreRefusedForAStrangeReason) {
  stop_and_resume("400 for all, with a reason that Loki does not have", {400, "not today", {}});
}

TEST_F(LokiAnswers, BlockedTenant) {
  stop_and_resume("260", {260, "ingestion is blocked until tomorrow", {}});
}

TEST_F(LokiAnswers, DroppedInSilence) { stop_and_resume("200", {200, "thank you", {}}); }

TEST_F(LokiAnswers, SecondShipperOfTheSameName) {
  begin();
  add();
  auto second = another_shipper();
  second->start();
  wait_until([&] { return second->stats().condition == Condition::retrying; });
  const std::string said = second->stats().trouble;
  EXPECT_THAT(said, HasSubstr("is served by process"));
  wait_for_arrivals();
  ship->stop();
  add();
  ship = std::move(second);
  wait_for_arrivals();
  EXPECT_EQ(receiver.taken(), store.size());
  finish("a second shipper of the same name, on the same machine", "the second: " + said);
}

}  // namespace
}  // namespace tally::tests
