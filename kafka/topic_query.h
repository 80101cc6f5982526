#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "kafka/kafka_client.h"
#include "model/result.h"

namespace tally::kafka {

/// What a broker says of a topic.
struct TopicDescription {
  int error = 0;  ///< librdkafka's code: missing, or no rights; 0: it is there
  std::int32_t partitions = 0;
};

/// Asks for a topic, without making it. Nothing: no broker answered in time, which is two seconds
/// unless told otherwise.
std::optional<TopicDescription> describe_topic(KafkaClient& client, const std::string& topic);
std::optional<TopicDescription> describe_topic(KafkaClient& client, const std::string& topic,
                                               std::chrono::milliseconds within);

/// The id that the cluster gave itself; empty: no broker answered within two seconds.
std::string cluster_id(KafkaClient& client);

/// Where a partition begins, and ends: the offset behind its last record.
struct PartitionOffsets {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// Waits for brokers until `stop`. To a consumer that reads committed only, brokers name the first
/// open transaction's begin as the end: a client with `isolation.level=read_uncommitted` learns
/// where the partition ends whatever is open.
Result<PartitionOffsets> ask_for_offsets(KafkaClient& client, const std::string& topic,
                                         std::int32_t partition, const std::stop_token& stop);

}  // namespace tally::kafka
