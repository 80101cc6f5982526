#pragma once

#include <string>

#include "model/time.h"
#include "shipper/sink_census.h"

namespace tally::shipper {

/// Hears how far a census is, which may take hours. Called by the thread that counts.
class CensusObserver {
 public:
  virtual ~CensusObserver() = default;

  /// That what came in, or happened, in the hour of `time` is being counted, here or there. Often.
  virtual void reached(UtcTime /*time*/, const SinkCensus& /*so_far*/) {}

  /// That the receiver is asked again, and why; one sentence.
  virtual void retrying(const std::string& /*trouble*/) {}
};

}  // namespace tally::shipper
