#pragma once

#include "model/result.h"
#include "shipper/census_observer.h"
#include "shipper/kafka/kafka_settings.h"
#include "shipper/sink_census.h"

namespace tally::shipper {

/// Adds what the topic has of the events that are asked about, for who reads committed only: from
/// when the first of them came in to where each partition ended at the call. Notes where a
/// partition begins that is not whole any more. Blocks, also until transactions of others that are
/// open have ended, and until brokers answer that have done so once. Errc::io: none does within
/// half a minute.
Result<void> ask_kafka(const KafkaSettings& settings, SinkCensus& census, CensusObserver& observer);

}  // namespace tally::shipper
