#pragma once

#include "model/result.h"
#include "shipper/shipper.h"
#include "shipper/sink_url.h"

namespace tally::shipper {

/// "kafka://HOST:PORT[,HOST:PORT]/TOPIC": every line as it was posted, as a record of the topic.
/// Exactly once by transactions, or at least once with `mode=idempotent`. docs/sinks.md has the
/// parameters; Errc::invalid says what is wrong with them, and with librdkafka's own.
Result<SinkFactory> kafka_sink_factory(const SinkUrl& url, SinkParameters& parameters);

}  // namespace tally::shipper
