#include "store/batch.h"

namespace tally::store {

std::uint64_t event_count(const Batch& batch) noexcept {
  std::uint64_t count = 0;
  for (const DataFrame& frame : batch.frames) count += frame.count;
  return count;
}

bool is_consistent(const Batch& batch) noexcept {
  auto frame = batch.frames.begin();
  std::uint64_t frame_end = 0;  // Events up to the end of the last frame looked at.
  std::uint64_t event = 0;
  for (const Run& run : batch.runs) {
    const std::uint64_t first = event;
    event += run.count;
    while (frame_end < event) {
      const bool boundary_inside = frame_end > first;
      if (frame == batch.frames.end()) return false;
      if (boundary_inside && run.kind != SourceKind::http) return false;
      frame_end += frame->count;
      ++frame;
    }
  }
  return frame == batch.frames.end() && frame_end == event;
}

std::size_t memory_bytes(const Batch& batch) noexcept {
  std::size_t bytes = sizeof(Batch);
  for (const DataFrame& frame : batch.frames) bytes += sizeof(frame) + frame.stored.size();
  for (const Run& run : batch.runs) bytes += sizeof(run) + run.source.size() + run.client.size();
  for (const RefusedEvent& event : batch.refused) {
    bytes += sizeof(event) + event.bytes.size() + event.reason.size() + event.source.size() +
             event.client.size();
  }
  for (const SourceCheckpoint& checkpoint : batch.checkpoints) {
    bytes += sizeof(checkpoint) + checkpoint.source.size() + checkpoint.state.size();
  }
  for (const IdempotencyKey& key : batch.keys) bytes += sizeof(key) + key.client.size();
  return bytes;
}

}  // namespace tally::store
