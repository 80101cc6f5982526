#pragma once

#include <chrono>
#include <cstdint>

#include "query/scanned_event.h"
#include "store/event/event_lines.h"

namespace tally::query {

/// What a scan went through and what it took, for --stats.
struct ScanStats {
  std::uint64_t chunks = 0;
  std::uint64_t bytes = 0;   ///< of lines
  std::uint64_t events = 0;  ///< read
  std::uint64_t matched = 0;
  std::uint64_t damaged = 0;           ///< lines that are not events
  std::chrono::nanoseconds read{0};    ///< taking chunks from the store: reading, decompressing
  std::chrono::nanoseconds filter{0};  ///< filtering and collecting
  std::chrono::nanoseconds output{0};  ///< sorting and printing what was found
};

/// Calls visit(ScannedEvent&) with the events of `chunk` in sequence order, until it returns false;
/// returns the number of events visited.
template <class Visit>
std::uint32_t for_each_event(const store::Chunk& chunk, ScanReaders& readers, Visit&& visit) {
  return store::for_each_line(chunk, [&](const store::EventLine& found) {
    ScannedEvent event(found.line, found.sequence, *found.run, found.offset, readers);
    return visit(event);
  });
}

}  // namespace tally::query
