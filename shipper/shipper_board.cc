#include "shipper/shipper_board.h"

namespace tally::shipper {
namespace {

/// How it stands is as it stood last; only counts go on.
void add(std::optional<kafka::ClientStatistics>& sum, kafka::ClientStatistics more) {
  const kafka::ClientStatistics before = sum.value_or(kafka::ClientStatistics{});
  more.requests += before.requests;
  more.request_retries += before.request_retries;
  more.request_timeouts += before.request_timeouts;
  sum = more;
}

/// Nobody is connected any more.
void set_unconnected(std::optional<kafka::ClientStatistics>& last) {
  if (!last) return;
  *last = {.requests = last->requests,
           .request_retries = last->request_retries,
           .request_timeouts = last->request_timeouts};
}

void add(SinkStats& sum, const SinkStats& more) {
  sum.events += more.events;
  sum.bytes += more.bytes;
  sum.requests += more.requests;
  sum.retries += more.retries;
  sum.dead += more.dead;
  if (more.kafka) add(sum.kafka, *more.kafka);
}

}  // namespace

std::string_view to_string(Condition condition) noexcept {
  switch (condition) {
    case Condition::starting:
      return "starting";
    case Condition::sending:
      return "sending";
    case Condition::retrying:
      return "retrying";
    case Condition::paused:
      return "paused";
    case Condition::stopped:
      return "stopped";
  }
  return "";
}

void ShipperBoard::set_condition(Condition condition, const std::string& trouble) {
  const std::lock_guard lock(mutex_);
  stats_.condition = condition;
  stats_.trouble = trouble;
}

void ShipperBoard::set_next(Sequence next, UtcTime waiting_since) {
  const std::lock_guard lock(mutex_);
  stats_.next = next;
  stats_.waiting_since = waiting_since;
}

void ShipperBoard::set_end(Sequence end) {
  const std::lock_guard lock(mutex_);
  stats_.end = end;
}

void ShipperBoard::add_lost(std::uint64_t events) {
  const std::lock_guard lock(mutex_);
  stats_.lost += events;
}

void ShipperBoard::set_sink(const Sink* sink) {
  const std::lock_guard lock(mutex_);
  if (sink_ != nullptr) {
    add(stats_.sink, sink_->stats());
    set_unconnected(stats_.sink.kafka);
  }
  sink_ = sink;
}

ShipperStats ShipperBoard::stats() const {
  const std::lock_guard lock(mutex_);
  ShipperStats stats = stats_;
  if (sink_ == nullptr) return stats;
  const SinkStats current = sink_->stats();
  add(stats.sink, current);
  const bool under_way =
      stats.condition == Condition::starting || stats.condition == Condition::sending;
  if (current.trouble.empty() || !under_way) return stats;
  stats.condition = Condition::retrying;
  stats.trouble = current.trouble;
  return stats;
}

}  // namespace tally::shipper
