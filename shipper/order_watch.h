#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

#include "shipper/shipper.h"

namespace tally::shipper {

/// Looks for orders while a sink begins, which may wait for its receiver without end: asks `source`
/// to stop when there is one, and writes down meanwhile how the sink stands. Has a thread for as
/// long as it lives; its maker's must touch neither `parts.status` nor a clock of `parts` before
/// that.
class OrderWatch {
 public:
  /// Both must outlive it.
  OrderWatch(ShipperParts& parts, std::stop_source& source);

  /// Whether there was an order.
  bool ordered() const noexcept { return ordered_; }

 private:
  void watch(const std::stop_token& stop);

  ShipperParts* parts_;
  std::stop_source* source_;
  std::atomic<bool> ordered_ = false;
  std::jthread thread_;  ///< last: it uses the others
};

}  // namespace tally::shipper
