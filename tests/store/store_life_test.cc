#include "tests/support/store_life.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <string>

// Goal: whatever happens to a store in whatever order, readers find every acknowledged event once,
// in order, byte for byte, until retention may remove it; and what has gone wrong and is over
// leaves nothing behind. Method: random lives beside a plain list (StoreLife). A few are always the
// same, one is new each time; `./dev life SECONDS` goes on with new ones, and TALLY_LIFE_SEED=N
// lives one of them again.

namespace tally::tests {
namespace {

constexpr int kSteps = 600;

/// What an environment variable says, if it is set.
std::optional<std::uint64_t> number_from(const char* variable) {
  const char* const text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  return std::strtoull(text, nullptr, 10);
}

LifeEvents live(std::uint64_t seed) {
  SCOPED_TRACE("TALLY_LIFE_SEED=" + std::to_string(seed));
  StoreLife life(seed);
  for (int step = 0; step < kSteps && !testing::Test::HasFailure(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    life.step();
  }
  if (!testing::Test::HasFailure()) life.settle();
  return life.events();
}

class StoreLifeTest : public testing::Test {
 protected:
  // Thousands of failures on purpose: their log lines would hide the one that matters.
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
};

TEST_F(StoreLifeTest, KeepsEveryPromiseInTheSameLives) {
  LifeEvents all;
  for (std::uint64_t seed = 1; seed <= 8 && !HasFailure(); ++seed) all += live(seed);
  // A life in which nothing happens proves nothing.
  for (const std::uint64_t events :
       {all.commits, all.unanswered, all.sealed, all.removed, all.held_by_sink, all.held_by_reader,
        all.chunks, all.errors, all.crashes, all.kills, all.openings, all.damages}) {
    EXPECT_GT(events, 10U);
  }
}

TEST_F(StoreLifeTest, KeepsEveryPromiseInAnyLife) {
  const std::chrono::seconds enough{number_from("TALLY_LIFE_SECONDS").value_or(0)};
  const auto end = std::chrono::steady_clock::now() + enough;
  const auto replayed = number_from("TALLY_LIFE_SEED");
  std::uint64_t lives = 0;
  do {
    const std::uint64_t seed = replayed.value_or(std::random_device{}());
    if (lives++ == 0) std::cout << "TALLY_LIFE_SEED=" << seed << std::endl;
    live(seed);
  } while (std::chrono::steady_clock::now() < end && !replayed && !HasFailure());
  std::cout << lives << " lives" << std::endl;
}

}  // namespace
}  // namespace tally::tests
