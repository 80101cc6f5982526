#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/result.h"
#include "shipper/sink_url.h"

namespace tally::shipper {

/// How events get to a topic exactly once, or at least once where transactions are not allowed.
enum class KafkaMode : std::uint8_t { transactional, idempotent };

/// librdkafka's properties, by name.
using KafkaProperties = std::map<std::string, std::string, std::less<>>;

/// What a URL says about a Kafka sink: docs/sinks.md has its parameters.
struct KafkaSettings {
  std::string brokers;
  std::string topic;
  KafkaMode mode = KafkaMode::transactional;
  std::uint64_t transaction_events = 0;
  std::uint64_t transaction_bytes = 0;
  std::uint64_t memory_bytes = 0;  ///< of events that have not arrived
  std::uint64_t create = 0;    ///< partitions of the topic where it is missing; 0: it must be there
  KafkaProperties properties;  ///< as given, without "rdkafka."
  KafkaProperties property_files;  ///< that hold a property's value

  std::string cursor_topic() const { return topic + ".tally-cursor"; }
};

/// Errc::invalid says what is wrong: also of a property that the sink has to set itself, and of a
/// secret that stands in the URL.
Result<KafkaSettings> read_kafka_settings(const SinkUrl& url, SinkParameters& parameters);

/// Those of `settings.properties` and of its files, read now. Errc::invalid names a file that
/// cannot be read, or that others may read, too.
Result<KafkaProperties> all_properties(const KafkaSettings& settings);

}  // namespace tally::shipper
