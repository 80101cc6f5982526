#pragma once

#include <optional>
#include <string_view>

#include "model/time.h"

namespace tally::store {

/// The time that an event states, however its text and its field names are written: for lines that
/// have no shape. Slow. Nothing if `line` is no event.
std::optional<UtcTime> stated_time(std::string_view line);

}  // namespace tally::store
