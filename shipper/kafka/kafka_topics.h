#pragma once

#include <stop_token>

#include "kafka/kafka_client.h"
#include "model/result.h"
#include "shipper/kafka/kafka_settings.h"

namespace tally::shipper {

/// Sees that the topics are there: makes the cursor topic that transactions need, and the topic
/// itself where the settings say so. Waits for brokers that cannot be reached, as long as it takes.
/// Errc::not_found: a topic is missing for some seconds; Errc::invalid: a right is. Both say what
/// to do.
Result<void> provide_topics(kafka::KafkaClient& client, const KafkaSettings& settings,
                            const std::stop_token& stop);

}  // namespace tally::shipper
