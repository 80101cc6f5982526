#include "shipper/kafka/kafka_settings.h"

#include <string_view>
#include <utility>

namespace tally::shipper {
namespace {

constexpr std::string_view kCursorSuffix = ".tally-cursor";
constexpr std::uint64_t kMiB = 1024 * 1024;

}  // namespace

std::string KafkaSettings::cursor_topic() const { return topic + std::string(kCursorSuffix); }

Result<KafkaSettings> read_kafka_settings(const net::ServiceUrl& url,
                                          net::UrlParameters& parameters) {
  TALLY_TRY(auto topic, kafka::read_topic_settings(url, parameters,
                                                   kafka::kTopicNameMax - kCursorSuffix.size()));
  KafkaSettings settings;
  static_cast<kafka::TopicSettings&>(settings) = std::move(topic);
  TALLY_TRY(const std::size_t mode,
            parameters.take_choice("mode", {"transactional", "idempotent"}));
  settings.mode = mode == 0 ? KafkaMode::transactional : KafkaMode::idempotent;
  TALLY_TRY(settings.transaction_events,
            parameters.take_number("transaction_events", 100'000, 1, 10'000'000));
  TALLY_TRY(settings.transaction_bytes,
            parameters.take_number("transaction_bytes", 16 * kMiB, 1, 1024 * kMiB));
  TALLY_TRY(settings.memory_bytes,
            parameters.take_number("memory", 32 * kMiB, kMiB, 64 * 1024 * kMiB));
  TALLY_TRY(settings.create, parameters.take_number("create", 0, 1, 100'000));
  return settings;
}

}  // namespace tally::shipper
