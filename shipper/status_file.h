#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/clock.h"
#include "model/result.h"
#include "model/time.h"
#include "shipper/shipper_board.h"
#include "store/disk/file_system.h"
#include "store/paths.h"

namespace tally::shipper {

/// What a running shipper says of itself in DIR/cursors/NAME.status, for `tally sinks` in another
/// process; docs/format/cursors.md. Not synced: after a crash nobody ships.
struct SinkStatus {
  std::string condition;
  std::string trouble;
  std::uint64_t events = 0;  ///< delivered since it started
  std::uint64_t bytes = 0;
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  std::uint64_t dead = 0;
  std::uint64_t lost = 0;
  double events_per_second = 0;  ///< since the status before
  UtcTime at{};                  ///< when it was written

  friend bool operator==(const SinkStatus&, const SinkStatus&) = default;
};

/// Writes it. One thread.
class StatusWriter {
 public:
  /// `files` and `clock` must outlive the writer.
  StatusWriter(store::FileSystem& files, const Clock& clock, store::StorePaths paths,
               std::string name);

  /// A failure is logged and no more: it is no reason not to ship.
  void put(const ShipperStats& stats);

 private:
  store::FileSystem* files_;
  const Clock* clock_;
  store::StorePaths paths_;
  std::string name_;
  SinkStatus last_;
};

/// Nothing: there is none that can be read.
Result<std::optional<SinkStatus>> read_status(store::FileSystem& files,
                                              const store::StorePaths& paths,
                                              const std::string& name);

/// Whether a process has the sink's position.
Result<bool> is_served(store::FileSystem& files, const store::StorePaths& paths,
                       const std::string& name);

}  // namespace tally::shipper
