#include "model/clock.h"

namespace tally {

UtcTime SystemClock::now() const noexcept {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

}  // namespace tally
