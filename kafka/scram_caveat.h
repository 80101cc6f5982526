#pragma once

#include <string>

#include "kafka/topic_settings.h"

namespace tally::kafka {

/// Why brokers may refuse a user though the password is right: up to librdkafka 2.6.0, SCRAM ends
/// with a nonce that brokers since Kafka 4.0 do not accept. Empty where that cannot be the reason.
std::string scram_caveat(const KafkaProperties& properties);

}  // namespace tally::kafka
