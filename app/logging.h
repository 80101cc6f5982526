#pragma once

#include "app/config.h"

namespace tally::app {

/// Makes the process's log go to stderr from `level` on: for people (text) or one JSON object a
/// line (json); automatic is text if `terminal`. The only place that sets spdlog up.
void set_up_logging(LogLevel level, LogFormat format, bool terminal);

}  // namespace tally::app
