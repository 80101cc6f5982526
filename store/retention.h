#pragma once

#include <cstdint>

#include "model/result.h"
#include "model/time.h"
#include "store/disk/file_system.h"
#include "store/manifest/manifest_writer.h"
#include "store/paths.h"
#include "store/reader_lock.h"
#include "store/store.h"

namespace tally::store {

/// What becomes of a segment that is past the limits while a reader still has to read it.
enum class HeldByReader : std::uint8_t {
  stays,
  goes_too,  ///< at the disk limit; the reader goes on behind it, and tells
};

/// Removes segments that are past the limits, the oldest first: never one that a sink has not got
/// yet unless told so. Nothing within the limits goes, whatever the disk is like. Not thread-safe.
class Retention {
 public:
  Retention(FileSystem& files, StorePaths paths, RemovalLock lock, const RetentionLimits& limits);

  /// Whether there is any limit.
  bool limited() const noexcept { return limits_.age_max || limits_.bytes_max; }

  /// Removes what is to go at this moment. The first failure ends it; the next call goes on.
  Result<void> apply(ManifestWriter& manifest, UtcTime now, HeldByReader held);

  const RetentionStats& stats() const noexcept { return stats_; }

 private:
  bool past_limits(const Manifest& manifest, std::uint64_t bytes, UtcTime now) const;
  bool held_by_sink(const SegmentSummary& segment) const;
  void note_held(const SegmentSummary& segment);
  Result<void> note_sinks(const Manifest& manifest);
  Result<void> remove_oldest(ManifestWriter& manifest);

  FileSystem* files_;
  StorePaths paths_;
  RemovalLock lock_;
  RetentionLimits limits_;
  RetentionStats stats_;
};

}  // namespace tally::store
