#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/result.h"
#include "model/sequence.h"
#include "store/disk/file_system.h"
#include "store/paths.h"
#include "store/segment/segment_summary.h"
#include "store/store_id.h"

namespace tally::store {

/// What a store no longer has because retention took it: everything up to a number. Always the
/// oldest goes first, so that one number says it all.
struct RemovedFiles {
  std::uint64_t through = 0;        ///< segments and journal files up to this number; 0: none
  Sequence first = kFirstSequence;  ///< of the first event that may still be there

  friend bool operator==(const RemovedFiles&, const RemovedFiles&) = default;
};

/// What DIR/MANIFEST says: the segments of a store; docs/format/manifest.md.
struct Manifest {
  std::optional<StoreId> store;  ///< whose it is; nothing: there is no manifest
  RemovedFiles removed;
  std::vector<SegmentSummary> segments;  ///< ascending by number, all above removed.through

  /// The segment of that number, or null.
  const SegmentSummary* find(std::uint64_t number) const noexcept;

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// A manifest as it was found.
struct FoundManifest {
  Manifest manifest;
  /// Nothing but good records up to the end of the file. Else a crash cut off the last one, it is
  /// just being written, or the file is damaged: what the segments' own footers say then completes
  /// the manifest.
  bool whole = false;
  std::uint64_t records = 0;  ///< good ones: more than there are segments if some are superseded
};

/// Reads DIR/MANIFEST as it is at this moment. A missing file is an empty manifest, and not whole.
Result<FoundManifest> read_manifest(FileSystem& files, const StorePaths& paths);

/// The same for who goes on writing it, after a crash or kill too: what it gives is on the disk.
Result<FoundManifest> settle_manifest(FileSystem& files, const StorePaths& paths);

}  // namespace tally::store
