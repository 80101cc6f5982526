#pragma once

#include <string>

#include "query/colour.h"
#include "query/zone.h"
#include "store/event/event_reader.h"
#include "store/event/metadata_reader.h"

namespace tally::query {

/// How events are shown to people.
struct LineStyle {
  Zone zone = Zone::local();
  bool colours = false;
};

/// "2026-01-23 21:55:09.592" in the style's zone, the zone's name left out.
void append_local_time(std::string& out, UtcTime time, Zone& zone);

/// Metadata as "count=20 image=nginx:1.25 note="two words"", inner objects as JSON.
void append_metadata(std::string& out, std::string_view metadata, store::MetadataReader& reader);

/// One event as one line without its end, for people: local time, ok or FAILED, service, operation,
/// container ("-" if there is none), error, metadata. Values cannot act on the terminal.
void append_event_line(std::string& out, const store::EventFields& event,
                       store::MetadataReader& reader, LineStyle& style);

}  // namespace tally::query
