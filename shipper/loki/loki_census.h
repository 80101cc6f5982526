#pragma once

#include "model/result.h"
#include "shipper/census_observer.h"
#include "shipper/loki/loki_inquiry.h"
#include "shipper/loki/loki_options.h"
#include "shipper/sink_census.h"

namespace tally::shipper {

/// Adds what Loki has of the events that are asked about: in the hours in which they happened, and
/// what is missing then in the hours in which it came in (late=restamp). Blocks. Errors say what
/// Loki answers instead.
Result<void> ask_loki(const LokiOptions& options, SinkCensus& census, CensusObserver& observer,
                      const InquiryLimits& limits = {});

}  // namespace tally::shipper
