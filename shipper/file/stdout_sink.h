#pragma once

#include "model/result.h"
#include "net/service_url.h"
#include "shipper/shipper.h"

namespace tally::shipper {

/// "stdout:": every line as it was posted, to standard output. Waits while nobody reads there.
Result<SinkFactory> stdout_sink_factory(const net::ServiceUrl& url);

}  // namespace tally::shipper
