#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "model/check.h"
#include "query/scanned_event.h"
#include "store/cursor.h"

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
  std::string_view lines = chunk.lines;
  std::uint32_t visited = 0;
  for (const Run& run : chunk.runs) {
    std::uint64_t offset = run.offset;
    for (std::uint32_t i = 0; i < run.count; ++i) {
      const void* end = std::memchr(lines.data(), '\n', lines.size());
      TALLY_CHECK(end != nullptr);
      const auto length = static_cast<std::size_t>(static_cast<const char*>(end) - lines.data());
      ScannedEvent event(lines.substr(0, length), advance(chunk.first, visited), run, offset,
                         readers);
      ++visited;
      if (!visit(event)) return visited;
      offset = next_offset(run, offset, length);
      lines.remove_prefix(length + 1);
    }
  }
  return visited;
}

}  // namespace tally::query
