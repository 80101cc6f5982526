#pragma once

#include <functional>

namespace tally::tests {

/// Waits until it is so, looking every few milliseconds; fails the test after five minutes.
void wait_until(const std::function<bool()>& condition);

}  // namespace tally::tests
