#include "tests/support/patience.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>

namespace tally::tests {

void wait_until(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(5);
  while (!condition()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    ::poll(nullptr, 0, 5);
  }
}

}  // namespace tally::tests
