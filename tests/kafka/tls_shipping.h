#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "bench/collector_process.h"
#include "tests/kafka/tls_broker.h"
#include "tests/shipper/sample_store.h"

namespace tally::tests {

/// Sinks and sources at the broker that speaks TLS, with files of their own for passwords. The
/// topic is called as the test.
class KafkaTls : public testing::Test {
 protected:
  std::string topic() const;

  /// "kafka://ADDRESS/TOPIC?create=1" with what is to be tested behind it.
  std::string url(const std::string& address, const std::string& parameters) const;

  /// A file with this password that only its owner may read.
  std::filesystem::path password_file(const std::string& name, const std::string& password) const;

  /// Ships ten events, and expects each in the topic once.
  void expect_that_it_ships(const std::string& url);

  /// A real `tally serve` that consumes; its store's directory and its log are called `name`.
  std::unique_ptr<bench::CollectorProcess> consume(const std::string& name,
                                                   const std::string& url) const;
  std::filesystem::path directory() const { return directory_.path(); }

  /// What the collector of this name has logged.
  std::string log_of(const std::string& name) const;

  /// The value of a series of the source's.
  static double figure(const bench::CollectorProcess& collector, const std::string& name,
                       const std::string& source);

  TlsBroker& tls = TlsBroker::shared();

 private:
  TemporaryDirectory directory_;
};

}  // namespace tally::tests
