#pragma once

#include <cstddef>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "model/result.h"
#include "shipper/loki/loki_options.h"
#include "shipper/loki/loki_sender.h"
#include "shipper/loki/push_batch.h"
#include "shipper/loki/push_encoder.h"
#include "shipper/loki/send_pace.h"
#include "shipper/loki/stream_pace.h"
#include "shipper/sink_counters.h"

namespace tally::shipper {

/// What the deliveries of one sink share; thread-safe, and outlives them.
struct LokiShared {
  const LokiOptions* options = nullptr;
  std::string sink;   ///< its name
  std::string store;  ///< whose events it sends: the store's id
  SendPace* pace = nullptr;
  StreamPace* streams = nullptr;
  SinkCounters* counters = nullptr;
};

/// Delivers batches through one connection: each entry either arrives or is refused for itself. One
/// per thread.
class LokiDelivery {
 public:
  LokiDelivery(const LokiShared& shared, std::stop_token stop);

  /// Sends `batch`, whose order of entries and whose times it may change, for as long as it takes;
  /// what will never be taken is in its `refused` in the end.
  /// False: a stop was asked for. Errc::invalid: somebody has to change something, and what.
  Result<bool> deliver(PushBatch& batch);

 private:
  /// Entries that are sent together: a range of the batch's.
  struct Part {
    std::size_t begin;
    std::size_t end;

    std::size_t size() const noexcept { return end - begin; }
  };

  std::optional<LokiAnswer> send(Part part);
  bool wait_for_streams(Part part);
  void note_failure(SendPace::Time begun, const LokiAnswer& answer);
  void note_answer();
  void note_stored(Part part);
  void take_apart(Part part, const LokiAnswer& answer);
  void split(Part part);
  bool restamp(Part part, const LokiAnswer& answer);
  void refuse(const PushEntry& entry, const std::string& reason);
  std::span<PushEntry> entries(Part part) const;

  const LokiShared shared_;
  const std::stop_token stop_;
  LokiSender sender_;
  PushEncoder encoder_;
  // Of the batch in hand.
  PushBatch* batch_ = nullptr;
  std::vector<Part> parts_;          ///< still to be sent; the last one first
  std::size_t refused_unknown_ = 0;  ///< entries, for reasons that Loki is not known to have
};

}  // namespace tally::shipper
