#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <stop_token>
#include <utility>
#include <vector>

#include "ingest/kafka/consume_counters.h"
#include "ingest/kafka/consume_settings.h"
#include "ingest/kafka/group_offsets.h"
#include "ingest/kafka/partition_place.h"
#include "ingest/kafka/partition_start.h"
#include "kafka/kafka_client.h"
#include "model/result.h"
#include "store/store.h"

namespace tally::ingest {

/// What a source remembers from one session to the next.
struct SourceMemory {
  std::int32_t partitions = 0;                  ///< that the topic has had, as far as was seen
  bool claimed = false;                         ///< a takeover happens once
  std::map<std::int32_t, PartitionState> told;  ///< what the log has of ours
};

/// Where a source begins to read.
struct TopicPlaces {
  TopicSource topic;
  std::int32_t partitions = 0;                  ///< of the topic
  std::map<std::int32_t, PartitionStart> ours;  ///< by partition
};

/// Finds out where to begin with each partition that is ours: from the store, the group's offsets,
/// and where the partitions begin and end. Says in the log what is held, gone or lost. Waits for
/// brokers until a stop is asked for. One thread.
class PlaceFinder {
 public:
  struct Means {
    kafka::KafkaClient& asker;  ///< that reads uncommitted
    GroupOffsets& group;
    const store::Store& store;
    const ConsumeSettings& settings;
    std::chrono::milliseconds gone_after;
    ConsumeCounters& counters;
    SourceMemory& memory;
    const std::stop_token& stop;
  };

  /// All of it must outlive the finder.
  explicit PlaceFinder(const Means& means) : means_(means) {}

  /// Errc::invalid says what keeps the topic from being read, and what to do.
  Result<TopicPlaces> find();

 private:
  Result<std::int32_t> count_partitions();
  Result<TopicSource> name_topic();
  Result<PartitionStart> start_of(std::int32_t partition, PartitionEvidence evidence);
  void tell(std::int32_t partition, const PartitionStart& start);

  Means means_;
};

}  // namespace tally::ingest
