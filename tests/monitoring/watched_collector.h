#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "bench/collector_process.h"
#include "tests/monitoring/prometheus_server.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {

/// A real `tally serve` that a real Prometheus has looked at some times, shared by all tests: with
/// events, a sink "files" that has got them, sinks "loki" and "kafka" whose receivers are not
/// there, and a source whose brokers are not there.
class WatchedCollector : public testing::Test {
 public:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

 protected:
  static constexpr std::uint64_t kEvents = 20;

  static const PrometheusServer& prometheus() { return *parts().prometheus; }

  /// The label "instance" of all that the collector tells.
  static std::string instance();

 private:
  struct Parts {
    TemporaryDirectory directory;
    std::unique_ptr<bench::CollectorProcess> collector;
    std::unique_ptr<PrometheusServer> prometheus;
  };

  static Parts& parts();
  static void start_collector();
  static void post_events();

  static std::unique_ptr<Parts> parts_;
};

}  // namespace tally::tests
