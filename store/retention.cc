#include "store/retention.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "store/seal_recovery.h"
#include "store/sink_cursors.h"

namespace tally::store {
namespace {

Sequence end_of(const SegmentSummary& segment) noexcept {
  return advance(segment.first, segment.count);
}

std::uint64_t bytes_of(const Manifest& manifest, Sequence from) noexcept {
  std::uint64_t bytes = 0;
  for (const SegmentSummary& segment : manifest.segments) {
    if (end_of(segment) > from) bytes += segment.stored_bytes;
  }
  return bytes;
}

}  // namespace

Retention::Retention(FileSystem& files, StorePaths paths, RemovalLock lock,
                     const RetentionLimits& limits)
    : files_(&files), paths_(std::move(paths)), lock_(std::move(lock)), limits_(limits) {}

Result<void> Retention::apply(ManifestWriter& manifest, UtcTime now, HeldByReader held) {
  TALLY_TRY(note_sinks(manifest.manifest()));
  std::uint64_t bytes = bytes_of(manifest.manifest(), Sequence{0});
  while (past_limits(manifest.manifest(), bytes, now)) {
    const SegmentSummary oldest = manifest.manifest().segments.front();
    if (held_by_sink(oldest)) break;
    TALLY_TRY(const bool taken, lock_.try_take(oldest.number));
    if (!taken && held == HeldByReader::stays) break;
    const auto removed = remove_oldest(manifest);
    if (taken) lock_.release(oldest.number);
    TALLY_TRY(removed);
    if (!taken) note_held(oldest);
    bytes -= oldest.stored_bytes;
  }
  return ok();
}

/// A segment's age is that of its last event's receipt: what events state of themselves neither
/// keeps them for ever nor lets them go at once.
bool Retention::past_limits(const Manifest& manifest, std::uint64_t bytes, UtcTime now) const {
  if (manifest.segments.empty()) return false;
  const bool too_old =
      limits_.age_max && manifest.segments.front().received < now - *limits_.age_max;
  const bool too_large = limits_.bytes_max && bytes > *limits_.bytes_max;
  return too_old || too_large;
}

bool Retention::held_by_sink(const SegmentSummary& segment) const {
  return !limits_.past_sinks && std::ranges::any_of(stats_.sinks, [&](const HeldBySink& sink) {
    return sink.next < end_of(segment);
  });
}

/// One reader that has come to a stop must not keep all who write from going on.
void Retention::note_held(const SegmentSummary& segment) {
  ++stats_.held_removed;
  spdlog::warn("retention: a reader still had to read segment {}, but the disk is full",
               segment.number);
}

Result<void> Retention::note_sinks(const Manifest& manifest) {
  TALLY_TRY(const auto cursors, read_sink_cursors(*files_, paths_, *manifest.store));
  stats_.sinks.clear();
  for (const SinkCursor& cursor : cursors) {
    stats_.sinks.push_back({cursor.name, cursor.next, bytes_of(manifest, cursor.next)});
  }
  return ok();
}

/// Recorded first: what a crash leaves of the rest is removed when the store is opened.
Result<void> Retention::remove_oldest(ManifestWriter& manifest) {
  const SegmentSummary oldest = manifest.manifest().segments.front();
  TALLY_TRY(manifest.remove({oldest.number, end_of(oldest)}));
  spdlog::info("retention: segment {} with events {} to {} is removed", oldest.number,
               to_number(oldest.first), to_number(end_of(oldest)) - 1);
  ++stats_.segments_removed;
  stats_.bytes_removed += oldest.stored_bytes;
  const auto removed = files_->remove(paths_.segment_file(oldest.number));
  if (!removed && removed.error().code != Errc::not_found) return removed.error();
  TALLY_TRY(files_->sync_directory(paths_.segments()));
  return remove_sealed_journals(*files_, paths_, manifest.manifest());
}

}  // namespace tally::store
