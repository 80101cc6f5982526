#pragma once

#include <memory>

#include "model/result.h"
#include "shipper/kafka/cursor_record.h"
#include "shipper/kafka/kafka_settings.h"
#include "shipper/shipper.h"

namespace tally::shipper {

/// A sink that puts events into a topic exactly once: each transaction also writes how far it goes
/// into a topic of cursors, and what stands there counts more than the sink's own file. Makes no
/// connection before begin().
Result<std::unique_ptr<Sink>> make_transactional_sink(const KafkaSettings& settings,
                                                      const ShipperInstance& instance,
                                                      const SinkContext& context);

}  // namespace tally::shipper
