#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "model/result.h"
#include "net/service_url.h"

namespace tally::kafka {

/// librdkafka's properties, by name.
using KafkaProperties = std::map<std::string, std::string, std::less<>>;

/// Kafka's own limit of a topic's name.
inline constexpr std::size_t kTopicNameMax = 249;

/// What a URL says about a topic and the way to it.
struct TopicSettings {
  std::string brokers;  ///< "HOST:PORT,…"
  std::string topic;
  KafkaProperties properties;      ///< as given, without "rdkafka."
  KafkaProperties property_files;  ///< that hold a property's value
};

/// Errc::invalid says what is wrong: also of a topic's name that is longer than `name_max`, of a
/// property that Tally has to set itself, and of a secret that stands in the URL.
Result<TopicSettings> read_topic_settings(const net::ServiceUrl& url,
                                          net::UrlParameters& parameters, std::size_t name_max);

/// Those of `settings.properties` and of its files, read now. Errc::invalid names a file that
/// cannot be read, or that others may read, too.
Result<KafkaProperties> all_properties(const TopicSettings& settings);

}  // namespace tally::kafka
