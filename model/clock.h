#pragma once

#include "model/time.h"

namespace tally {

/// Where the time of day comes from; injected so that tests can set it. Safe from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UtcTime now() const noexcept = 0;
};

/// The computer's own real-time clock.
class SystemClock final : public Clock {
 public:
  UtcTime now() const noexcept override;
};

}  // namespace tally
