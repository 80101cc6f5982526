#include "ingest/kafka/fetch_properties.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace tally::ingest {
namespace {

constexpr std::uint64_t kKiB = 1024;
/// What librdkafka keeps of a record beside its bytes.
constexpr std::uint64_t kRecordBytes = 512;
/// How much larger records are than what a broker sends of them, compressed.
constexpr std::uint64_t kExpansion = 8;

}  // namespace

/// librdkafka counts for each partition by itself, and looks before it fetches: what it then gets
/// comes on top.
kafka::KafkaProperties fetch_properties(const ConsumeSettings& settings, std::size_t partitions) {
  const std::uint64_t share = settings.memory_bytes / std::max<std::size_t>(partitions, 1);
  const std::uint64_t queued = std::max(share / 2, 64 * kKiB);
  const std::uint64_t fetched = std::clamp(share / 2 / kExpansion, 16 * kKiB, 1024 * kKiB);
  const std::uint64_t answer = std::max(settings.memory_bytes / kExpansion, 64 * kKiB);
  return {{"isolation.level", "read_committed"},
          {"auto.offset.reset", "error"},
          {"enable.auto.commit", "false"},
          {"enable.partition.eof", "true"},
          // A partition that has room again waits for the answer to a question about others.
          {"fetch.wait.max.ms", "100"},
          {"queued.max.messages.kbytes", std::to_string(queued / kKiB)},
          {"queued.min.messages",
           std::to_string(std::max(queued / kRecordBytes, 64 * kKiB / kRecordBytes))},
          {"fetch.message.max.bytes", std::to_string(fetched)},
          {"fetch.max.bytes", std::to_string(std::max(answer, fetched))}};
}

}  // namespace tally::ingest
