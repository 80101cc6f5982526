#pragma once

#include <string>
#include <vector>

#include "shipper/census_observer.h"

namespace tally::tests {

/// Keeps what it hears of a census.
class CensusLog final : public shipper::CensusObserver {
 public:
  void reached(UtcTime time, const shipper::SinkCensus& /*so_far*/) override {
    times.push_back(time);
  }
  void retrying(const std::string& trouble) override { troubles.push_back(trouble); }

  std::vector<UtcTime> times;
  std::vector<std::string> troubles;
};

}  // namespace tally::tests
