#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/ingest/consume_harness.h"
#include "tests/support/patience.h"

// Real collectors that consume, ended at any moment.

namespace tally::tests {
namespace {

using ConsumingProcess = Consuming;

TEST_F(ConsumingProcess, TakesEachRecordOnceThoughItIsKilled) {
  admin.create(topic(), 3);
  std::mt19937 random(std::random_device{}());
  const auto collector = serve("a", url());
  for (int i = 0; i < 6; ++i) {
    const double before = figure(*collector, "events_total");
    const std::uint64_t more = std::uniform_int_distribution<std::uint64_t>(1, 9000)(random);
    write(10'000, 3);
    wait_until(
        [&] { return figure(*collector, "events_total") >= before + static_cast<double>(more); });
    collector->kill();
    collector->start();
  }
  wait_until([&] { return stored_lines(store("a")).size() >= written(); });
  EXPECT_EQ(collector->stop(), 0);
  const auto lines = stored_lines(store("a"));
  expect_each_once(lines, 1, written());
}

TEST_F(ConsumingProcess, HoldsWhatAKilledOneHasNotClosed) {
  admin.create(topic(), 2);
  write(200, 2);
  auto first = serve("a", url("&member=1/2"));
  wait_until([&] { return figure(*first, "events_total") == 100; });
  write(200, 2);
  wait_until([&] { return published() == 200; });
  first->kill();
  auto all = serve("b", url());
  wait_until([&] { return figure(*all, "held_partitions") == 1; });
  wait_until([&] { return figure(*all, "events_total") == 200; });
  EXPECT_EQ(figure(*all, "partitions"), 1);
  all->stop();
  // What is said has to be done helps.
  first->start();
  wait_until([&] { return figure(*first, "partitions") == 1; });
  EXPECT_EQ(first->stop(), 0);
  all->start();
  write(100, 2);
  wait_until([&] { return figure(*all, "events_total") == 100; });
  EXPECT_EQ(figure(*all, "held_partitions"), 0);
  all->stop();
  auto lines = stored_lines(store("a"));
  for (std::string& line : stored_lines(store("b"))) lines.push_back(std::move(line));
  expect_each_once(lines, 1, written());
}

TEST_F(ConsumingProcess, TakesOverWhenItIsTold) {
  admin.create(topic(), 1);
  write(100, 1);
  auto lost = serve("a", url());
  wait_until([&] { return published() == 100; });
  lost->kill();
  lost.reset();
  write(100, 1);
  const auto heir = serve("b", url("&takeover=yes"));
  wait_until([&] { return figure(*heir, "events_total") == 100; });
  expect_each_once(stored_lines(store("b")), 101, 200);
}

}  // namespace
}  // namespace tally::tests
