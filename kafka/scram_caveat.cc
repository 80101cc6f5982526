#include "kafka/scram_caveat.h"

#include <librdkafka/rdkafka.h>

namespace tally::kafka {
namespace {

constexpr int kMended = 0x020601ff;

bool uses_scram(const KafkaProperties& properties) {
  for (const char* const name : {"sasl.mechanisms", "sasl.mechanism"}) {
    const auto found = properties.find(name);
    if (found != properties.end() && found->second.starts_with("SCRAM-")) return true;
  }
  return false;
}

}  // namespace

std::string scram_caveat(const KafkaProperties& properties) {
  if (rd_kafka_version() >= kMended || !uses_scram(properties)) return {};
  return "; or is the password right, and Kafka 4.0 or newer? It refuses SCRAM as librdkafka " +
         std::string(rd_kafka_version_str()) + " does it: take PLAIN by TLS, or a certificate";
}

}  // namespace tally::kafka
