#pragma once

#include <chrono>
#include <string_view>

#include "model/result.h"
#include "model/time.h"
#include "query/zone.h"

namespace tally::query {

/// Reads a time as people type it: RFC 3339; `2026-01-23`; `2026-01-23 21:55[:09[.123]]` (or with a
/// T); a duration before `now`: `1h`, `-1h`; `now`, `today`, `yesterday`. Days begin at midnight,
/// and what has no zone is in `zone`. Errc::invalid shows what is accepted.
Result<UtcTime> parse_time_expression(std::string_view text, UtcTime now, Zone zone);

/// Reads a duration: `90m`, `1h30m`, `2d`, `1w`, `500ms`; whole numbers only. A day has 24 hours.
/// Never zero. Errc::invalid shows what is accepted.
Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

}  // namespace tally::query
