#pragma once

#include <memory>

#include "model/result.h"
#include "shipper/kafka/kafka_settings.h"
#include "shipper/shipper.h"

namespace tally::shipper {

/// A sink that puts events into a topic at least once, where transactions are not allowed: what was
/// on its way when the process ended comes again. Makes no connection before begin().
Result<std::unique_ptr<Sink>> make_idempotent_sink(const KafkaSettings& settings,
                                                   const SinkContext& context);

}  // namespace tally::shipper
