#include "kafka/client_statistics.h"

#include <simdjson.h>

#include <algorithm>

namespace tally::kafka {
namespace {

using simdjson::dom::element;

std::uint64_t count_of(const element& parent, std::string_view name) {
  std::int64_t value = 0;
  return parent[name].get(value) == simdjson::SUCCESS && value > 0
             ? static_cast<std::uint64_t>(value)
             : 0;
}

bool has(const element& parent, std::string_view name, std::string_view value) {
  std::string_view found;
  return parent[name].get(found) == simdjson::SUCCESS && found == value;
}

/// A broker may be there up to three times: as configured, as learned, and as somebody's
/// coordinator.
void add_broker(const element& broker, ClientStatistics& statistics) {
  constexpr double kMicrosecond = 1e-6;
  if (has(broker, "source", "learned") && has(broker, "state", "UP")) ++statistics.brokers_up;
  statistics.request_retries += count_of(broker, "txretries");
  statistics.request_timeouts += count_of(broker, "req_timeouts");
  element round_trip;
  if (broker["rtt"].get(round_trip) != simdjson::SUCCESS) return;
  statistics.round_trip_seconds =
      std::max(statistics.round_trip_seconds,
               static_cast<double>(count_of(round_trip, "p99")) * kMicrosecond);
}

}  // namespace

std::optional<ClientStatistics> parse_statistics(std::string_view json) {
  simdjson::dom::parser parser;
  element all;
  simdjson::dom::object brokers;
  if (parser.parse(json.data(), json.size()).get(all) != simdjson::SUCCESS) return std::nullopt;
  if (all["brokers"].get(brokers) != simdjson::SUCCESS) return std::nullopt;
  ClientStatistics statistics{.queued_records = count_of(all, "msg_cnt"),
                              .queued_bytes = count_of(all, "msg_size"),
                              .requests = count_of(all, "tx")};
  for (const auto broker : brokers) add_broker(broker.value, statistics);
  return statistics;
}

}  // namespace tally::kafka
