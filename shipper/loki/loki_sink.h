#pragma once

#include "model/result.h"
#include "net/service_url.h"
#include "shipper/shipper.h"

namespace tally::shipper {

/// "loki+http://HOST:PORT[/BASE]" and "loki+https://…": every event as an entry of Loki's, at least
/// once; what arrives twice has the same bytes, and Loki keeps one. docs/sinks.md has the
/// parameters and what becomes of each answer.
Result<SinkFactory> loki_sink_factory(const net::ServiceUrl& url, net::UrlParameters& parameters);

}  // namespace tally::shipper
