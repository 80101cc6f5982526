#include "store/journal/commit_group.h"

#include <algorithm>

#include "store/disk/crc32c.h"

namespace tally::store {
namespace {

/// Only runs without offsets merge here: whether others touch, their lengths would have to tell.
bool merge(Run& last, const Run& next) {
  if (last.kind != SourceKind::http || next.kind != SourceKind::http) return false;
  if (last.received != next.received || last.source != next.source || last.client != next.client) {
    return false;
  }
  last.count += next.count;
  return true;
}

void add_runs(CommitHeader& header, const Batch& batch, UtcTime& last_received) {
  for (Run run : batch.runs) {
    run.received = last_received = std::max(last_received, run.received);
    if (header.runs.empty() || !merge(header.runs.back(), run)) {
      header.runs.push_back(std::move(run));
    }
  }
}

void add_frames(CommitHeader& header, const Batch& batch, std::uint32_t seed) {
  for (const DataFrame& frame : batch.frames) {
    header.frames.push_back({frame.count, frame.lines_bytes, frame.lines_sha256});
    header.stored.push_back(
        {static_cast<std::uint32_t>(frame.stored.size()), crc32c(frame.stored, seed)});
  }
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

CommitHeader join(std::span<const Batch* const> group, const ChainState& state,
                  std::uint32_t seed) {
  CommitHeader header;
  header.first = state.next;
  header.previous_core = state.last_core;
  UtcTime last_received = state.last_received;
  std::uint32_t events = 0;
  for (const Batch* batch : group) {
    add_runs(header, *batch, last_received);
    add_frames(header, *batch, seed);
    append(header.checkpoints, batch->checkpoints);
    append(header.refused, batch->refused);
    for (IdempotencyKey key : batch->keys) {
      key.first_event += events;
      header.keys.push_back(std::move(key));
    }
    events += static_cast<std::uint32_t>(event_count(*batch));
  }
  return header;
}

}  // namespace tally::store
