#include "app/metrics_page.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/version.h"
#include "ingest/file_follower.h"
#include "ingest/kafka/kafka_source.h"
#include "net/http_server.h"
#include "shipper/shipper.h"

namespace tally::app {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using SourceFigures = std::vector<std::pair<std::string, ingest::KafkaSourceStats>>;
using SinkFigures = std::vector<std::pair<std::string, shipper::ShipperStats>>;

// Collects families in the order in which they are added.
class Families {
 public:
  void counter(std::string_view name, std::string_view help, double value) {
    add(name, help, MetricType::Counter).counter.value = value;
  }

  void gauge(std::string_view name, std::string_view help, double value) {
    add(name, help, MetricType::Gauge).gauge.value = value;
  }

  // Another value of the family that was added last, told apart by a label.
  ClientMetric& labelled(std::string_view label, std::string_view value) {
    ClientMetric metric;
    metric.label.push_back({std::string(label), std::string(value)});
    families_.back().metric.push_back(std::move(metric));
    return families_.back().metric.back();
  }

  void begin(std::string_view name, std::string_view help, MetricType type) {
    MetricFamily family;
    family.name = name;
    family.help = help;
    family.type = type;
    families_.push_back(std::move(family));
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  ClientMetric& add(std::string_view name, std::string_view help, MetricType type) {
    begin(name, help, type);
    families_.back().metric.emplace_back();
    return families_.back().metric.back();
  }

  std::vector<MetricFamily> families_;
};

double number(std::uint64_t count) { return static_cast<double>(count); }

void add_store(Families& families, const store::StoreStats& stats, Sequence next) {
  families.counter("tally_store_events_total", "Events committed since the start",
                   number(stats.events));
  families.counter("tally_store_refused_events_total", "Refused events committed since the start",
                   number(stats.refused));
  families.counter("tally_store_commits_total", "Groups committed: one write and one sync each",
                   number(stats.commits));
  families.counter("tally_store_commit_failures_total", "Groups that could not be committed",
                   number(stats.commit_failures));
  families.counter("tally_store_written_bytes_total", "Bytes written into the journal",
                   number(stats.stored_bytes));
  families.gauge("tally_store_queue_bytes", "Memory of what waits to be committed",
                 number(stats.queue_bytes));
  families.gauge("tally_store_journal_file", "Number of the journal file that is being written",
                 number(stats.file_number));
  families.gauge("tally_store_next_sequence", "Sequence number of the next event",
                 number(to_number(next)));
  families.counter("tally_store_sync_seconds_total", "Time spent waiting for the disk",
                   stats.sync_seconds_total);
  families.gauge("tally_store_sync_seconds_max", "Longest wait for the disk since the start",
                 stats.sync_seconds_max);
}

void add_disk(Families& families, const store::DiskStats& stats) {
  families.gauge("tally_disk_available_bytes", "Bytes of the store's disk that are not used",
                 number(stats.available));
  families.gauge("tally_disk_used_ratio", "Used share of the store's disk",
                 stats.percent_used / 100);
  families.gauge("tally_disk_full", "Whether events are refused for want of disk space",
                 stats.refusing);
}

void add_sealing(Families& families, const store::SealStats& stats) {
  families.gauge("tally_store_segments", "Sealed segments", number(stats.segments));
  families.gauge("tally_store_segment_bytes", "Bytes of the segments", number(stats.segment_bytes));
  families.gauge("tally_store_seal_backlog_files", "Journal files that wait to be sealed",
                 number(stats.backlog_files));
  families.gauge("tally_store_damaged_journal_files",
                 "Journal files that cannot be sealed because they are damaged or cannot be read",
                 number(stats.damaged_files));
  families.counter("tally_store_seal_failures_total", "Attempts to seal that failed",
                   number(stats.failures));
  families.counter("tally_store_rejected_dropped_events_total",
                   "Refused events that were dropped for want of room",
                   number(stats.rejected_dropped));
  families.counter("tally_store_removed_segments_total", "Segments that retention removed",
                   number(stats.retention.segments_removed));
  families.counter("tally_store_removed_held_segments_total",
                   "Such as a reader still had to read, on a full disk",
                   number(stats.retention.held_removed));
  families.counter("tally_store_removed_bytes_total", "Bytes of all removed segments",
                   number(stats.retention.bytes_removed));
  families.begin("tally_store_held_by_sink_bytes", "Bytes of segments that a sink has not got yet",
                 MetricType::Gauge);
  for (const store::HeldBySink& sink : stats.retention.sinks) {
    families.labelled("sink", sink.name).gauge.value = number(sink.bytes);
  }
}

void add_http(Families& families, const net::HttpStats& stats) {
  constexpr std::array<std::string_view, 5> kClasses = {"1xx", "2xx", "3xx", "4xx", "5xx"};
  families.begin("tally_http_responses_total", "Answers by class of status", MetricType::Counter);
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    families.labelled("class", kClasses[i]).counter.value = number(stats.responses[i]);
  }
  families.gauge("tally_http_connections", "Open connections", number(stats.connections_open));
  families.counter("tally_http_connections_total", "Connections accepted",
                   number(stats.connections_accepted));
  families.counter("tally_http_received_bytes_total", "Bytes received",
                   number(stats.bytes_received));
  families.counter("tally_http_sent_bytes_total", "Bytes sent", number(stats.bytes_sent));
  families.gauge("tally_http_body_reserved_bytes", "Memory reserved for large bodies",
                 number(stats.body_bytes_reserved));
  families.begin("tally_http_refused_total", "Requests refused before they were looked at",
                 MetricType::Counter);
  families.labelled("reason", "limit").counter.value = number(stats.refused_by_limit);
  families.labelled("reason", "origin").counter.value = number(stats.refused_by_origin);
  families.labelled("reason", "malformed").counter.value = number(stats.malformed);
  families.counter("tally_http_deadlines_total", "Connections closed because the peer was too slow",
                   number(stats.deadlines_expired));
  families.counter("tally_http_aborted_total", "Connections closed unanswered: outcome unknown",
                   number(stats.aborted));
  families.counter("tally_http_failures_total", "Sessions ended by a defect or lack of memory",
                   number(stats.failures));
}

void add_files(Families& families, const ingest::FileFollowerStats& stats) {
  families.gauge("tally_tail_files", "Files that are followed, rotated ones included",
                 number(stats.files));
  families.gauge("tally_tail_unreadable_files", "Files that are there but cannot be opened",
                 number(stats.unreadable));
  families.counter("tally_tail_events_total", "Events taken from files", number(stats.events));
  families.counter("tally_tail_refused_events_total", "Events of files that were refused",
                   number(stats.refused));
  families.counter("tally_tail_bytes_total", "Bytes of files that are committed",
                   number(stats.bytes));
  families.counter("tally_tail_retries_total", "Commits that took nothing and were repeated",
                   number(stats.retries));
}

/// One family of all that have figures, told apart by `label`: `value` gives each one's.
template <class Figures, class Value>
void add_each(Families& families, std::string_view name, std::string_view help, MetricType type,
              std::string_view label, const Figures& figures, Value value) {
  families.begin(name, help, type);
  for (const auto& [whose, stats] : figures) {
    ClientMetric& metric = families.labelled(label, whose);
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value(stats);
  }
}

template <class Value>
void add_sinks(Families& families, std::string_view name, std::string_view help, MetricType type,
               const SinkFigures& sinks, Value value) {
  add_each(families, name, help, type, "sink", sinks, value);
}

void add_topics(Families& families, const SourceFigures& sources) {
  using Stats = ingest::KafkaSourceStats;
  const auto add = [&](std::string_view name, std::string_view help, MetricType type, auto value) {
    add_each(families, name, help, type, "source", sources,
             [&](const Stats& stats) { return number(value(stats)); });
  };
  constexpr auto kGauge = MetricType::Gauge;
  constexpr auto kCounter = MetricType::Counter;
  add("tally_consume_up", "Whether a topic is read without trouble", kGauge,
      [](const Stats& stats) { return std::uint64_t{stats.trouble.empty()}; });
  add("tally_consume_partitions", "Partitions of a topic that are read", kGauge,
      [](const Stats& stats) { return stats.partitions; });
  add("tally_consume_held_partitions", "Such as another store may know more of: see the log",
      kGauge, [](const Stats& stats) { return stats.held; });
  add("tally_consume_stopped_partitions", "Such as were made anew: see the log", kGauge,
      [](const Stats& stats) { return stats.gone; });
  add("tally_consume_lag_records", "Offsets between what is committed and the partitions' ends",
      kGauge, [](const Stats& stats) { return stats.lag; });
  add("tally_consume_events_total", "Events taken from a topic", kCounter,
      [](const Stats& stats) { return stats.events; });
  add("tally_consume_refused_events_total", "Records of a topic that were refused", kCounter,
      [](const Stats& stats) { return stats.refused; });
  add("tally_consume_bytes_total", "Bytes of a topic's values that are committed", kCounter,
      [](const Stats& stats) { return stats.bytes; });
  add("tally_consume_lost_records_total", "Offsets that brokers removed before they were read",
      kCounter, [](const Stats& stats) { return stats.lost; });
  add("tally_consume_retries_total", "Attempts and commits that failed and were repeated", kCounter,
      [](const Stats& stats) { return stats.retries; });
}

double lag_seconds(const shipper::ShipperStats& stats, UtcTime now) {
  if (stats.waiting_since == UtcTime{}) return 0;
  return std::max(0.0, std::chrono::duration<double>(now - stats.waiting_since).count());
}

/// Of the sinks to Kafka.
void add_kafka(Families& families, SinkFigures sinks) {
  using kafka::ClientStatistics;
  std::erase_if(sinks, [](const auto& sink) { return !sink.second.sink.kafka; });
  if (sinks.empty()) return;
  const auto add = [&](std::string_view name, std::string_view help, MetricType type, auto field) {
    add_sinks(families, name, help, type, sinks, [&](const shipper::ShipperStats& stats) {
      return static_cast<double>((*stats.sink.kafka).*field);
    });
  };
  add("tally_sink_brokers_up", "Brokers that a sink has a connection to", MetricType::Gauge,
      &ClientStatistics::brokers_up);
  add("tally_sink_queued_records", "Records that no broker has confirmed yet", MetricType::Gauge,
      &ClientStatistics::queued_records);
  add("tally_sink_queued_bytes", "Bytes of these records", MetricType::Gauge,
      &ClientStatistics::queued_bytes);
  add("tally_sink_round_trip_seconds", "How long the slowest broker took of late, 99th percentile",
      MetricType::Gauge, &ClientStatistics::round_trip_seconds);
  add("tally_sink_broker_requests_total", "Requests to brokers", MetricType::Counter,
      &ClientStatistics::requests);
  add("tally_sink_broker_retries_total", "Requests to brokers that were repeated",
      MetricType::Counter, &ClientStatistics::request_retries);
  add("tally_sink_broker_timeouts_total", "Requests that a broker did not answer in time",
      MetricType::Counter, &ClientStatistics::request_timeouts);
}

void add_shipping(Families& families, const SinkFigures& sinks, UtcTime now) {
  using shipper::Condition;
  using shipper::ShipperStats;
  const auto counter = [&](std::string_view name, std::string_view help, auto value) {
    add_sinks(families, name, help, MetricType::Counter, sinks,
              [&](const ShipperStats& stats) { return number(value(stats)); });
  };
  add_sinks(families, "tally_sink_lag_events", "Durable events that a sink has not got",
            MetricType::Gauge, sinks, [](const ShipperStats& stats) {
              return stats.end > stats.next ? number(distance(stats.next, stats.end)) : 0;
            });
  add_sinks(families, "tally_sink_lag_seconds", "Age of the first event that a sink has not got",
            MetricType::Gauge, sinks,
            [&](const ShipperStats& stats) { return lag_seconds(stats, now); });
  add_sinks(families, "tally_sink_up", "Whether a sink is sending, or waits for events",
            MetricType::Gauge, sinks,
            [](const ShipperStats& stats) { return stats.condition == Condition::sending; });
  counter("tally_sink_events_total", "Events that arrived since the start",
          [](const ShipperStats& stats) { return stats.sink.events; });
  counter("tally_sink_bytes_total", "Bytes of their lines",
          [](const ShipperStats& stats) { return stats.sink.bytes; });
  counter("tally_sink_requests_total", "Requests, transactions or writes that succeeded",
          [](const ShipperStats& stats) { return stats.sink.requests; });
  counter("tally_sink_retries_total", "Attempts that failed and were repeated",
          [](const ShipperStats& stats) { return stats.sink.retries; });
  counter("tally_sink_dead_events_total", "Events that a receiver will never take",
          [](const ShipperStats& stats) { return stats.sink.dead; });
  add_kafka(families, sinks);
  counter("tally_sink_lost_events_total", "Events that were damaged or removed before they went",
          [](const ShipperStats& stats) { return stats.lost; });
}

}  // namespace

std::string MetricsPage::render() const {
  Families families;
  families.begin("tally_build_info", "The program's version", MetricType::Gauge);
  families.labelled("version", kVersion).gauge.value = 1;
  families.gauge("tally_ready", "Whether events can be taken", readiness_.obstacle().empty());
  const store::StoreStats stats = store_.stats();
  add_store(families, stats, store_.next_sequence());
  add_disk(families, stats.disk);
  add_sealing(families, stats.seal);
  if (const net::HttpServer* server = server_) add_http(families, server->stats());
  if (const ingest::FileFollower* follower = follower_) add_files(families, follower->stats());
  if (const auto* sources = sources_.load(); sources != nullptr && !sources->empty()) {
    SourceFigures figures;
    for (const auto& source : *sources) figures.emplace_back(source->name(), source->stats());
    add_topics(families, figures);
  }
  if (const auto* shippers = shippers_.load(); shippers != nullptr && !shippers->empty()) {
    SinkFigures sinks;
    for (const auto& shipper : *shippers) sinks.emplace_back(shipper->name(), shipper->stats());
    add_shipping(families, sinks, SystemClock().now());
  }
  return families.text();
}

}  // namespace tally::app
