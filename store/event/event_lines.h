#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "model/check.h"
#include "model/provenance.h"
#include "store/cursor.h"

namespace tally::store {

/// One stored event, not yet parsed. Views into its chunk.
struct EventLine {
  std::string_view line;  ///< without its LF; kChunkPadding readable bytes behind it
  Sequence sequence{};
  const Run* run = nullptr;  ///< where it came from, and when
  std::uint64_t offset = 0;  ///< in its source; see Run
};

/// Calls visit(const EventLine&) with the events of `chunk` in sequence order, until it returns
/// false; returns the number of events visited.
template <class Visit>
std::uint32_t for_each_line(const Chunk& chunk, Visit&& visit) {
  std::string_view lines = chunk.lines;
  std::uint32_t visited = 0;
  for (const Run& run : chunk.runs) {
    std::uint64_t offset = run.offset;
    for (std::uint32_t i = 0; i < run.count; ++i) {
      const void* end = std::memchr(lines.data(), '\n', lines.size());
      TALLY_CHECK(end != nullptr);
      const auto length = static_cast<std::size_t>(static_cast<const char*>(end) - lines.data());
      const Sequence sequence = advance(chunk.first, visited++);
      if (!visit(EventLine{lines.substr(0, length), sequence, &run, offset})) return visited;
      offset = next_offset(run, offset, length);
      lines.remove_prefix(length + 1);
    }
  }
  return visited;
}

}  // namespace tally::store
