#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/result.h"
#include "model/time.h"
#include "shipper/census_observer.h"
#include "shipper/sink_census.h"
#include "store/disk/file_system.h"
#include "store/store_id.h"

namespace tally::shipper {

/// Which events are asked about: those that came in within these times, and that the sink has got.
struct CensusRange {
  std::optional<UtcTime> since{};
  std::optional<UtcTime> until{};              ///< the first time behind
  std::uint64_t sequences = kCensusSequences;  ///< at once, so that memory is bounded
};

/// Counts what a store has of what a sink has got by its cursor, and what of it is among its dead
/// letters, a portion after the other. Damaged events are left out. What came in before the range
/// is not read, but for the rest of a file. One thread.
class StoreCensus {
 public:
  /// The store in `directory`; the sink `name`, whose cursor counts as it is now. Errc::not_found:
  /// there is no such store, or no such sink. `files` must outlive it.
  static Result<StoreCensus> open(store::FileSystem& files, const std::string& directory,
                                  const std::string& name, const CensusRange& range);

  /// The next portion, with nothing of what the receiver has. Nothing: that was all.
  Result<std::optional<SinkCensus>> next(CensusObserver& observer);

 private:
  StoreCensus(store::FileSystem& files, std::string directory, std::string name,
              const CensusRange& range)
      : files_(&files), directory_(std::move(directory)), name_(std::move(name)), range_(range) {}

  Result<void> count_events(SinkCensus& census, CensusObserver& observer);
  Result<void> count_dead(SinkCensus& census) const;

  // Constant after construction.
  store::FileSystem* files_;
  std::string directory_;
  std::string name_;
  CensusRange range_;
  store::StoreId store_;
  Sequence end_{};  ///< the first event that the sink has not got

  Sequence next_{};  ///< of the next portion, or before it
};

}  // namespace tally::shipper
