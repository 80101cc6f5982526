#pragma once

#include <memory>

#include "app/collector_readiness.h"
#include "app/metrics_page.h"
#include "app/seal_handler.h"
#include "ingest/event_receiver.h"
#include "net/http_handler.h"

namespace tally::app {

/// What an I/O thread of the collector answers, by path. Lives on its thread.
class Router final : public net::Handler {
 public:
  /// `readiness` and `metrics` must outlive it.
  Router(std::unique_ptr<ingest::EventReceiver> receiver, std::unique_ptr<SealHandler> sealing,
         const CollectorReadiness& readiness, const MetricsPage& metrics);

  void handle(const net::Request& request, net::Reply reply) override;

 private:
  void answer_page(const net::Request& request, net::Reply reply) const;

  const std::unique_ptr<ingest::EventReceiver> receiver_;
  const std::unique_ptr<SealHandler> sealing_;
  const CollectorReadiness& readiness_;
  const MetricsPage& metrics_;
};

}  // namespace tally::app
