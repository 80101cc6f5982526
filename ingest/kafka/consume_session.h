#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "ingest/kafka/group_offsets.h"
#include "ingest/kafka/kafka_source.h"
#include "ingest/kafka/offset_publisher.h"
#include "ingest/kafka/partition_task.h"
#include "ingest/kafka/place_finder.h"
#include "ingest/wake_signal.h"
#include "kafka/kafka_client.h"
#include "model/result.h"

namespace tally::ingest {

/// Reads a topic's partitions until something changes: partitions are added, a place is not there
/// any more, another store takes over. Then the next session looks at everything anew. Used by the
/// source's thread only.
class ConsumeSession {
 public:
  /// All must outlive it.
  ConsumeSession(const PartitionContext& context, const KafkaSourceOptions& options,
                 WakeSignal& wake, SourceMemory& memory, std::stop_token stop);
  /// As end().
  ~ConsumeSession();
  ConsumeSession(const ConsumeSession&) = delete;
  ConsumeSession& operator=(const ConsumeSession&) = delete;

  /// Finds topic and places. An error says what is wrong with them.
  Result<void> begin();

  /// Until a stop is asked for, or the next session is to begin; with an error if something is
  /// wrong.
  Result<void> read();

  /// Waits for what is being committed; at a stop, publishes that all is told.
  void end();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  Result<void> connect();
  Result<void> add(std::int32_t partition, const PartitionStart& start);
  void mark_as_gone(std::int32_t partition, const PartitionStart& start);
  void take_answers();
  void turn();
  Result<void> look_around();
  Result<void> look_at_claims();
  Result<void> publish();
  OffsetPublisher::Places places() const;
  void publish_stats();
  void wait();
  bool has_outstanding() const;

  PartitionContext context_;
  const KafkaSourceOptions& options_;
  WakeSignal& wake_;
  SourceMemory& memory_;
  const std::stop_token stop_;

  std::unique_ptr<kafka::KafkaClient> asker_;
  std::unique_ptr<kafka::KafkaClient> fetcher_;
  std::optional<GroupOffsets> group_;
  std::optional<OffsetPublisher> publisher_;
  TopicPlaces found_;
  std::map<std::int32_t, std::unique_ptr<PartitionTask>> tasks_;
  TimePoint look_at_{};
  bool over_ = false;  ///< the next session is to begin
};

}  // namespace tally::ingest
