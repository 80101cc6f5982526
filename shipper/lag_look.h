#pragma once

#include "shipper/shipper.h"

namespace tally::shipper {

/// Writes down on the board how far the sink is behind while nobody reads for it: it is paused, has
/// stopped, or waits for its receiver before it begins. What cannot be read now can be at the next
/// look. Used by whichever one thread has the parts.
void look_at_lag(ShipperParts& parts);

}  // namespace tally::shipper
