#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "model/result.h"
#include "shipper/census_observer.h"
#include "shipper/sink_census.h"

namespace tally::shipper {

/// How the receiver of a sink is asked what it has.
struct CensusPlan {
  std::string name;  ///< the sink's
  /// Adds what the receiver has of the events that are asked about. Blocks.
  std::function<Result<void>(SinkCensus&, CensusObserver&)> ask;
};

/// For what --ship or --to says. Errc::invalid says what is wrong with it; Errc::unsupported: the
/// receiver is one that does not keep sequences.
Result<CensusPlan> plan_census(std::string_view url);

}  // namespace tally::shipper
