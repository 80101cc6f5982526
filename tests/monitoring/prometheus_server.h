#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/child_process.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {

/// A series of a query's answer, and its value now.
struct Series {
  std::map<std::string, std::string> labels;
  double value = 0;
};

/// An alert rule as Prometheus has read it.
struct AlertRule {
  std::string name;
  std::string expression;
  std::string health;  ///< "ok", or what became of its last evaluation
};

/// A real Prometheus on loopback that watches one collector, configured by deploy/grafana, but for
/// the collector's port and a look every 200 ms. Ended, with its data, by the destructor. One
/// thread.
class PrometheusServer {
 public:
  /// Returns once it answers.
  explicit PrometheusServer(std::uint16_t collector_port);

  /// What the expression is at this moment. An expression that is none fails the test.
  std::vector<Series> query(const std::string& expression) const;

  /// The values that a label has in series of this metric.
  std::vector<std::string> label_values(const std::string& metric, const std::string& label) const;

  std::vector<AlertRule> alert_rules() const;

 private:
  std::string get(const std::string& path) const;

  TemporaryDirectory directory_;
  std::uint16_t port_;
  std::unique_ptr<bench::ChildProcess> process_;
};

}  // namespace tally::tests
