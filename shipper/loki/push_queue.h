#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "model/result.h"
#include "shipper/loki/push_batch.h"

namespace tally::shipper {

/// The batches in hand: in by one end in order, sent by many threads at once, out by the other end
/// in order again. Thread-safe.
class PushQueue {
 public:
  void add(std::unique_ptr<PushBatch> batch);

  /// Waits for a batch that may be sent now, and hands it to who calls. One may not while another
  /// one is under way whose events are so much older that Loki would refuse them afterwards.
  /// nullptr: a stop was asked for, or something failed. Valid until finish().
  PushBatch* next(const std::stop_token& stop);

  /// What became of a batch; the first error is kept.
  void finish(PushBatch* batch, const Result<void>& sent);

  /// The batches that are finished and have none before them that is not. Waits up to `timeout` for
  /// one, while there are any.
  std::vector<std::unique_ptr<PushBatch>> take_finished(std::chrono::milliseconds timeout);

  /// The first error. Nothing more is sent then.
  std::optional<Error> failure() const;

  /// Of all that are in hand.
  std::uint64_t memory_bytes() const;

 private:
  enum class State : std::uint8_t { waiting, under_way, finished };

  struct Place {
    std::unique_ptr<PushBatch> batch;
    std::uint64_t bytes;
    State state = State::waiting;
  };

  PushBatch* take_next();

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // Guarded by mutex_.
  std::deque<Place> places_;
  std::uint64_t bytes_ = 0;
  std::optional<Error> failure_;
};

}  // namespace tally::shipper
