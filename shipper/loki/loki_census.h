#pragma once

#include <cstddef>

#include "model/result.h"
#include "shipper/loki/loki_options.h"
#include "shipper/sink_census.h"

namespace tally::shipper {

/// How many entries a query asks for, below what Loki gives at most (max_entries_limit_per_query).
inline constexpr std::size_t kQueryEntries = 1000;

/// Adds what Loki has of the events that are asked about: in the hours in which they happened, and
/// what is missing then in the hours in which it came in (late=restamp). Blocks. Errors say what
/// Loki answers instead.
Result<void> ask_loki(const LokiOptions& options, SinkCensus& census,
                      std::size_t entries = kQueryEntries);

}  // namespace tally::shipper
