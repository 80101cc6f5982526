#pragma once

#include <cstddef>

#include "ingest/kafka/consume_settings.h"
#include "kafka/topic_settings.h"

namespace tally::ingest {

/// How a client fetches so many partitions: committed records only, and of those that it has ahead
/// no more than the settings' bound, all partitions together.
kafka::KafkaProperties fetch_properties(const ConsumeSettings& settings, std::size_t partitions);

}  // namespace tally::ingest
