#pragma once

#include <string>
#include <utility>

#include "kafka/kafka_client.h"
#include "shipper/kafka/delivery_window.h"
#include "shipper/sink_counters.h"

namespace tally::shipper {

/// Brings what a sink's Kafka clients report to where the sink looks: troubles to its counters,
/// deliveries to its window. As thread-safe as these.
class ClientReports final : public kafka::ClientObserver {
 public:
  /// Both must outlive it.
  ClientReports(SinkCounters& counters, DeliveryWindow& window)
      : counters_(&counters), window_(&window) {}

  void retrying(std::string trouble) override { counters_->retrying(std::move(trouble)); }
  void healed() override { counters_->healed(); }
  void delivered(std::uint64_t ticket) override { window_->confirm(ticket); }
  void statistics(const kafka::ClientStatistics& statistics) override {
    counters_->kafka_says(statistics);
  }
  void undelivered(const Error& error) override { window_->fail(error); }

 private:
  SinkCounters* counters_;
  DeliveryWindow* window_;
};

}  // namespace tally::shipper
