#include "shipper/kafka/kafka_sink.h"

#include "shipper/kafka/cursor_record.h"
#include "shipper/kafka/idempotent_sink.h"
#include "shipper/kafka/kafka_settings.h"
#include "shipper/kafka/transactional_sink.h"

namespace tally::shipper {

Result<SinkFactory> kafka_sink_factory(const net::ServiceUrl& url, net::UrlParameters& parameters) {
  TALLY_TRY(const KafkaSettings settings, read_kafka_settings(url, parameters));
  const ShipperInstance instance = ShipperInstance::random();
  return SinkFactory(
      [settings, instance](const SinkContext& context) -> Result<std::unique_ptr<Sink>> {
        if (settings.mode == KafkaMode::idempotent) return make_idempotent_sink(settings, context);
        return make_transactional_sink(settings, instance, context);
      });
}

}  // namespace tally::shipper
