#include "shipper/kafka/delivery_window.h"

#include <utility>

#include "model/check.h"

namespace tally::shipper {

DeliveryWindow::Ticket DeliveryWindow::add(Sequence sequence, std::size_t bytes) {
  records_.push_back({sequence, static_cast<std::uint32_t>(bytes), false});
  bytes_ += bytes;
  ++waiting_;
  return first_ + records_.size() - 1;
}

void DeliveryWindow::take_back() {
  TALLY_CHECK(!records_.empty());
  bytes_ -= records_.back().bytes;
  --waiting_;
  records_.pop_back();
}

void DeliveryWindow::confirm(Ticket ticket) {
  TALLY_CHECK(ticket >= first_ && ticket - first_ < records_.size());
  Record& record = records_[ticket - first_];
  TALLY_CHECK(!record.confirmed);
  record.confirmed = true;
  bytes_ -= record.bytes;
  --waiting_;
  while (!records_.empty() && records_.front().confirmed) {
    confirmed_.next = advance(records_.front().sequence, 1);
    ++confirmed_.events;
    confirmed_.bytes += records_.front().bytes;
    records_.pop_front();
    ++first_;
  }
}

std::optional<DeliveryWindow::Confirmed> DeliveryWindow::take_confirmed() {
  if (confirmed_.events == 0) return std::nullopt;
  return std::exchange(confirmed_, Confirmed{});
}

void DeliveryWindow::fail(Error error) {
  if (!failure_) failure_ = std::move(error);
}

}  // namespace tally::shipper
