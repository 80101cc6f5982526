#pragma once

#include <optional>
#include <string>

#include "model/result.h"
#include "model/time.h"
#include "shipper/sink_census.h"
#include "store/disk/file_system.h"

namespace tally::shipper {

/// Which events are asked about: those that came in within these times, and that the sink has got.
struct CensusRange {
  std::optional<UtcTime> since;
  std::optional<UtcTime> until;  ///< the first time behind
};

/// Counts what the store in `directory` has of what the sink has got by its cursor, and what of it
/// is among its dead letters. Damaged events are left out. Errc::not_found: there is no such store,
/// or no such sink. Reads all that the store has up to there.
Result<SinkCensus> count_store(store::FileSystem& files, const std::string& directory,
                               const std::string& name, const CensusRange& range);

}  // namespace tally::shipper
