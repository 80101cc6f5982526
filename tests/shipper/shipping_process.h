#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/child_process.h"
#include "tests/shipper/sample_store.h"

namespace tally::tests {

/// `tally ship` of a store, as a process of its own. Killed by the destructor. One thread.
class ShippingProcess {
 public:
  /// Ships to the URL, whose sink has this name. `store` must outlive the process.
  ShippingProcess(SampleStore& store, std::string name, const std::string& url);

  /// What the sink writes to its standard output goes to a file, or what looks like one.
  ShippingProcess(SampleStore& store, std::string name, const std::string& url,
                  const std::string& output);

  /// Until it has begun to serve the sink.
  void wait_for_begin();

  /// Until the sink has got all events of the store.
  void wait_for_arrivals();

  /// What `tally sinks` would say of its trouble, as soon as this is part of it.
  std::string wait_for_trouble(const std::string& part);

  /// SIGTERM, and waits for its end, which has to be a good one: "ends 120 ms after SIGTERM".
  std::string end();

 private:
  SampleStore* store_;
  std::string name_;
  bench::ChildProcess process_;
};

/// The same for any process.
std::string end_in_good_order(bench::ChildProcess& process);

}  // namespace tally::tests
