#pragma once

#include <string>
#include <string_view>

#include "model/result.h"
#include "net/service_url.h"

namespace tally::shipper {

/// What --ship says, taken apart. Errc::invalid says what is wrong with it, also with its scheme:
/// "loki+http", "loki+https", "kafka", "file" and "stdout" are known.
Result<net::ServiceUrl> parse_sink_url(std::string_view text);

/// The sink's name: that of its parameter "name", else made of scheme, place and path
/// ("loki-logs-example-org-3100").
Result<std::string> sink_name(const net::ServiceUrl& url);

}  // namespace tally::shipper
