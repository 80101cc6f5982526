#include "net/byte_budget.h"

#include <algorithm>
#include <utility>

#include "model/check.h"

namespace tally::net {

bool ByteBudget::try_reserve(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (!line_.empty() || bytes > total_ - reserved_) return false;
  reserved_ += bytes;
  return true;
}

ByteBudget::Ticket ByteBudget::wait(std::size_t bytes, Granted granted) {
  TALLY_CHECK(bytes <= total_);
  std::list<Waiter> servable;
  Ticket ticket{};
  {
    const std::lock_guard lock(mutex_);
    ticket = Ticket{++tickets_};
    line_.push_back({ticket, bytes, std::move(granted)});
    servable = take_servable_locked();
  }
  for (const Waiter& waiter : servable) waiter.granted();
  return ticket;
}

bool ByteBudget::cancel(Ticket ticket) {
  std::list<Waiter> servable;
  {
    const std::lock_guard lock(mutex_);
    const auto place = std::find_if(line_.begin(), line_.end(), [ticket](const Waiter& waiter) {
      return waiter.ticket == ticket;
    });
    if (place == line_.end()) return false;
    line_.erase(place);
    // Whoever stood behind may want little enough to be served now.
    servable = take_servable_locked();
  }
  for (const Waiter& waiter : servable) waiter.granted();
  return true;
}

void ByteBudget::release(std::size_t bytes) {
  std::list<Waiter> servable;
  {
    const std::lock_guard lock(mutex_);
    TALLY_CHECK(bytes <= reserved_);
    reserved_ -= bytes;
    servable = take_servable_locked();
  }
  for (const Waiter& waiter : servable) waiter.granted();
}

std::size_t ByteBudget::reserved() const {
  const std::lock_guard lock(mutex_);
  return reserved_;
}

std::list<ByteBudget::Waiter> ByteBudget::take_servable_locked() {
  std::list<Waiter> servable;
  while (!line_.empty() && line_.front().bytes <= total_ - reserved_) {
    reserved_ += line_.front().bytes;
    servable.splice(servable.end(), line_, line_.begin());
  }
  return servable;
}

}  // namespace tally::net
