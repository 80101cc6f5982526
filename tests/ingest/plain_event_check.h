#pragma once

#include <string_view>

namespace tally::tests {

/// The contract for one event, written a second time in the plainest way: one byte after the other,
/// keys in a set, nothing shared with the validator but parse_rfc3339(). Slow.
bool plain_event_check(std::string_view event);

}  // namespace tally::tests
