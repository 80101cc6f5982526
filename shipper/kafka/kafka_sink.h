#pragma once

#include "model/result.h"
#include "net/service_url.h"
#include "shipper/shipper.h"

namespace tally::shipper {

/// "kafka://HOST:PORT[,HOST:PORT]/TOPIC": every line as it was posted, as a record of the topic.
/// Exactly once by transactions, or at least once with `mode=idempotent`. docs/sinks.md has the
/// parameters; Errc::invalid says what is wrong with them, and with librdkafka's own.
Result<SinkFactory> kafka_sink_factory(const net::ServiceUrl& url, net::UrlParameters& parameters);

}  // namespace tally::shipper
