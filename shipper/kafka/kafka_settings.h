#pragma once

#include <cstdint>
#include <string>

#include "kafka/topic_settings.h"
#include "model/result.h"
#include "net/service_url.h"

namespace tally::shipper {

/// How events get to a topic exactly once, or at least once where transactions are not allowed.
enum class KafkaMode : std::uint8_t { transactional, idempotent };

/// What a URL says about a Kafka sink: docs/sinks.md has its parameters.
struct KafkaSettings : kafka::TopicSettings {
  KafkaMode mode = KafkaMode::transactional;
  std::uint64_t transaction_events = 0;
  std::uint64_t transaction_bytes = 0;
  std::uint64_t memory_bytes = 0;  ///< of all that the sink holds

  /// What records may take that no broker has confirmed. The rest is for the requests that
  /// librdkafka makes of them, and for gaps in memory. (Seen: 29 MiB in all of 32.)
  std::uint64_t record_bytes() const { return memory_bytes / 2; }
  std::uint64_t create = 0;  ///< partitions of the topic where it is missing; 0: it must be there

  std::string cursor_topic() const;
};

/// Errc::invalid says what is wrong.
Result<KafkaSettings> read_kafka_settings(const net::ServiceUrl& url,
                                          net::UrlParameters& parameters);

}  // namespace tally::shipper
