#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/sequence.h"
#include "model/time.h"
#include "shipper/loki/loki_options.h"
#include "shipper/loki/push_batch.h"
#include "store/cursor.h"
#include "store/event/event_lines.h"
#include "store/event/event_reader.h"

namespace tally::shipper {

/// Gathers events into batches. A batch ends before its body would get too large, and before its
/// times would get too far apart: Loki refuses what is more than an hour behind the newest entry of
/// its stream, and so it would refuse the old half of a batch that has to be sent again after the
/// new half. Not thread-safe.
class PushGatherer {
 public:
  explicit PushGatherer(const LokiMapping& mapping) : mapping_(mapping) {}

  /// Adds events, whose bytes it copies.
  void add(const store::Chunk& events);

  /// The batches that have ended since the last call, in order.
  std::vector<std::unique_ptr<PushBatch>> take_ended() { return std::move(ended_); }

  /// Ends the batch that is being filled.
  void end_batch();

  /// What it holds in memory, roughly.
  std::uint64_t memory_bytes() const;

 private:
  /// What is known of a stream.
  struct Stream {
    UtcTime newest = UtcTime::min();  ///< of its events so far
    std::uint64_t batch = 0;          ///< the last that has events of it; the rest is of there
    std::uint32_t index = 0;
    UtcTime oldest{};
    std::shared_ptr<const StreamLabels> labels;
  };

  void add_event(const store::EventLine& event);
  void append(const store::EventLine& event, const store::EventFields& fields);
  void refuse(const store::EventLine& event, std::string_view reason);
  PushBatch& batch_for(Stream& stream, UtcTime time, bool behind, std::uint64_t bytes);
  void note_time(Stream& stream, UtcTime time);
  std::string stream_key(const store::EventFields& fields) const;
  std::shared_ptr<const StreamLabels> labels_of(const store::EventFields& fields) const;
  PushBatch& batch();
  TextPart add_text(std::string_view text);

  const LokiMapping mapping_;
  store::EventReader reader_;
  std::unordered_map<std::string, Stream> streams_;
  std::unique_ptr<PushBatch> batch_;  ///< being filled; nullptr: none
  std::uint64_t number_ = 0;          ///< of this batch
  std::size_t text_bytes_ = 0;        ///< the most that a batch had so far
  std::size_t entries_ = 0;           ///< the same
  std::vector<std::unique_ptr<PushBatch>> ended_;
};

}  // namespace tally::shipper
