#include "shipper/loki/push_queue.h"

#include <utility>

namespace tally::shipper {
namespace {

/// With what a batch spans itself (PushGatherer), less than the hour that Loki allows.
constexpr std::chrono::minutes kAheadMax{35};

bool too_far_ahead(const PushBatch& batch, const PushBatch& earlier) {
  if (batch.entries.empty() || earlier.oldest == UtcTime::max()) return false;
  return batch.newest > earlier.oldest + kAheadMax;
}

}  // namespace

void PushQueue::add(std::unique_ptr<PushBatch> batch) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t bytes = batch->memory_bytes();
  bytes_ += bytes;
  places_.push_back({std::move(batch), bytes});
  changed_.notify_all();
}

PushBatch* PushQueue::next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  PushBatch* batch = nullptr;
  changed_.wait(lock, stop, [&] {
    if (failure_) return true;
    batch = take_next();
    return batch != nullptr;
  });
  return batch;
}

PushBatch* PushQueue::take_next() {
  for (Place& place : places_) {
    if (place.state != State::waiting) continue;
    for (const Place& other : places_) {
      if (&other == &place) break;
      if (other.state == State::under_way && too_far_ahead(*place.batch, *other.batch)) {
        return nullptr;
      }
    }
    place.state = State::under_way;
    return place.batch.get();
  }
  return nullptr;
}

void PushQueue::finish(PushBatch* batch, const Result<void>& sent) {
  const std::lock_guard lock(mutex_);
  for (Place& place : places_) {
    if (place.batch.get() != batch) continue;
    place.state = sent ? State::finished : State::waiting;
  }
  if (!sent && !failure_) failure_ = sent.error();
  changed_.notify_all();
}

std::vector<std::unique_ptr<PushBatch>> PushQueue::take_finished(
    std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [&] {
    return places_.empty() || failure_ || places_.front().state == State::finished;
  });
  std::vector<std::unique_ptr<PushBatch>> finished;
  while (!places_.empty() && places_.front().state == State::finished) {
    bytes_ -= places_.front().bytes;
    finished.push_back(std::move(places_.front().batch));
    places_.pop_front();
  }
  return finished;
}

std::optional<Error> PushQueue::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

std::uint64_t PushQueue::memory_bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace tally::shipper
