#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/result.h"
#include "model/sequence.h"
#include "model/time.h"
#include "shipper/status_file.h"
#include "store/disk/file_system.h"

namespace tally::app {

/// What can be said of a sink from its files, by whichever process it is served.
struct SinkEntry {
  std::string name;
  std::string condition;  ///< "sending", "paused", …, "not running"
  std::string trouble;
  Sequence next{};
  std::uint64_t lag_events = 0;
  std::uint64_t lag_bytes = 0;                ///< of the stored files that hold them
  std::optional<UtcTime> waiting_since;       ///< receipt of the first event that it has not got
  std::optional<shipper::SinkStatus> status;  ///< as it was written last
};

/// All sinks of the store in `directory`, by name. Errc::not_found: there is no store.
Result<std::vector<SinkEntry>> list_sinks(store::FileSystem& files, const std::string& directory);

}  // namespace tally::app
