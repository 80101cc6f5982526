#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tally::kafka {

/// What librdkafka says of a client's queue and connections: the part of its statistics
/// (rd_kafka_conf_set_stats_cb) that tells a slow broker from a slow network from a full queue.
/// Counts are since the client was opened.
struct ClientStatistics {
  std::uint64_t queued_records = 0;  ///< handed over, and not confirmed
  std::uint64_t queued_bytes = 0;
  std::uint64_t requests = 0;  ///< to all brokers
  std::uint64_t request_retries = 0;
  std::uint64_t request_timeouts = 0;
  std::uint32_t brokers_up = 0;   ///< with a connection
  double round_trip_seconds = 0;  ///< of the slowest broker, the 99th percentile of late
};

/// Nothing: the text is not what librdkafka sends.
std::optional<ClientStatistics> parse_statistics(std::string_view json);

}  // namespace tally::kafka
