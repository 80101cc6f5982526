#include "store/segment/events_root.h"

#include <algorithm>
#include <string_view>

#include "store/segment/events_tree.h"

namespace tally::store {

Sha256 events_root(const Chunk& chunk) {
  EventsTree tree;
  Sequence sequence = chunk.first;
  std::string_view lines = chunk.lines;
  for (const Run& run : chunk.runs) {
    std::uint64_t offset = run.offset;
    tree.begin_run(run);
    for (std::uint32_t i = 0; i < run.count; ++i) {
      const std::string_view line = lines.substr(0, lines.find('\n'));
      tree.add(sequence, offset, line);
      offset = next_offset(run, offset, line.size());
      sequence = advance(sequence, 1);
      lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    }
  }
  return tree.root();
}

}  // namespace tally::store
