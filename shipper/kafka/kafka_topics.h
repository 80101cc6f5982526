#pragma once

#include <stop_token>

#include "kafka/kafka_client.h"
#include "model/result.h"
#include "shipper/kafka/kafka_settings.h"

namespace tally::shipper {

/// Sees that the topics are there: makes the cursor topic that transactions need, and the topic
/// itself where the settings say so. Waits for brokers that cannot be reached, as long as it takes.
/// Errc::invalid says what is missing, and what to do.
Result<void> provide_topics(kafka::KafkaClient& client, const KafkaSettings& settings,
                            const std::stop_token& stop);

}  // namespace tally::shipper
