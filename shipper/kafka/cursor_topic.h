#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "kafka/kafka_client.h"
#include "model/result.h"
#include "shipper/kafka/cursor_record.h"
#include "shipper/kafka/kafka_settings.h"

namespace tally::shipper {

/// The newest committed record with this key in the cursor topic; nothing: there is none. Waits for
/// brokers, and for transactions that others have open there, until `stop`. A record that cannot be
/// understood is Errc::corruption.
Result<std::optional<CursorRecord>> read_cursor_topic(const KafkaSettings& settings,
                                                      const std::string& key,
                                                      kafka::ClientObserver& observer,
                                                      const std::stop_token& stop);

}  // namespace tally::shipper
