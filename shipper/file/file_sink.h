#pragma once

#include "model/result.h"
#include "net/service_url.h"
#include "shipper/shipper.h"

namespace tally::shipper {

/// "file:///PATH": every line as it was posted, appended to the file, each exactly once: its length
/// is kept with the cursor, and what a crash left behind that is cut off and written again. A full
/// disk is waited for.
///
/// Parameters: `rotate` (bytes from which on PATH becomes PATH.1, PATH.2, … and a new one is begun;
/// 0, the default: never), `keep` (how many of these to leave; 0, the default: all), `compress`
/// (none or zstd: frames one after the other, as zstdcat reads them).
Result<SinkFactory> file_sink_factory(const net::ServiceUrl& url, net::UrlParameters& parameters);

}  // namespace tally::shipper
