#include "shipper/order_watch.h"

#include <chrono>

#include "shipper/backoff.h"
#include "shipper/lag_look.h"

namespace tally::shipper {
namespace {

constexpr std::chrono::milliseconds kLookForOrders{500};

}  // namespace

OrderWatch::OrderWatch(ShipperParts& parts, std::stop_source& source)
    : parts_(&parts),
      source_(&source),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

/// What cannot be read now can be read at the next look.
void OrderWatch::watch(const std::stop_token& stop) {
  while (true) {
    pause_for(stop, kLookForOrders);
    if (stop.stop_requested()) return;
    look_at_lag(*parts_);
    parts_->status.put(parts_->board.stats());
    const auto paused = parts_->orders.paused();
    const auto rewind = parts_->orders.rewind();
    if ((!paused || !paused.value()) && (!rewind || !rewind.value())) continue;
    ordered_ = true;
    source_->request_stop();
    return;
  }
}

}  // namespace tally::shipper
