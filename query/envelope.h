#pragma once

#include <string>
#include <string_view>

#include "query/scanned_event.h"

namespace tally::query {

/// Appends an event with its provenance as one JSON object without line end:
/// {"seq":1,"store":"…","received":"…","source":{"kind":"file","name":"…","offset":0},
/// "client":null,"event":<the event's bytes>}. Sources without offsets have none.
void append_envelope(std::string& out, const ScannedEvent& event, std::string_view store_id);

}  // namespace tally::query
