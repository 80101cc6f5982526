#pragma once

#include "model/result.h"
#include "shipper/shipper.h"
#include "shipper/sink_url.h"

namespace tally::shipper {

/// "stdout:": every line as it was posted, to standard output.
Result<SinkFactory> stdout_sink_factory(const SinkUrl& url);

}  // namespace tally::shipper
