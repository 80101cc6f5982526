#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/time.h"

namespace tally::store {

/// One of the texts is what the string at the path stands for.
struct StringSelection {
  std::string path;  ///< "service", "container" or "error"
  std::vector<std::string> texts;
};

/// What a reader is after. A cursor may leave out every event that is certainly something else, and
/// may give it all the same: it is a way to read less, not a filter. Every part has to hold.
struct Selection {
  std::optional<UtcTime> from;   ///< of the time that the event states
  std::optional<UtcTime> until;  ///< and this is the first one behind
  std::vector<StringSelection> strings;
  /// Whether the runs of files have to say at which offset each event was: that takes the lengths
  /// of all lines before it. Without it their offsets are 0 where lines are left out.
  bool offsets = true;

  /// Whether events between these two times, both included, can be in range.
  bool may_hold(UtcTime earliest, UtcTime latest) const noexcept {
    return (!from || latest >= *from) && (!until || earliest < *until);
  }
};

}  // namespace tally::store
