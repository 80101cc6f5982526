#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "app/collector_readiness.h"

namespace tally::net {
class HttpServer;
}
namespace tally::ingest {
class FileFollower;
class KafkaSource;
}  // namespace tally::ingest
namespace tally::shipper {
class Shipper;
}

namespace tally::app {

/// The page /metrics: counters of the collector's parts in Prometheus's text format. Thread-safe.
/// The parts must outlive it, or their last render().
class MetricsPage {
 public:
  MetricsPage(const store::Store& store, const CollectorReadiness& readiness)
      : store_(store), readiness_(readiness) {}

  /// The server starts after the page that it serves; until then its counters are missing.
  void add_server(const net::HttpServer& server) noexcept { server_ = &server; }
  void add_follower(const ingest::FileFollower& follower) noexcept { follower_ = &follower; }

  void add_sources(const std::vector<std::unique_ptr<ingest::KafkaSource>>& sources) noexcept {
    sources_ = &sources;
  }

  void add_shippers(const std::vector<std::unique_ptr<shipper::Shipper>>& shippers) noexcept {
    shippers_ = &shippers;
  }

  std::string render() const;

 private:
  const store::Store& store_;
  const CollectorReadiness& readiness_;
  std::atomic<const net::HttpServer*> server_{nullptr};
  std::atomic<const ingest::FileFollower*> follower_{nullptr};
  std::atomic<const std::vector<std::unique_ptr<ingest::KafkaSource>>*> sources_{nullptr};
  std::atomic<const std::vector<std::unique_ptr<shipper::Shipper>>*> shippers_{nullptr};
};

}  // namespace tally::app
