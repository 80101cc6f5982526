#pragma once

#include <cstdint>
#include <functional>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/journal/frame_decoder.h"
#include "store/journal/journal_reader.h"
#include "store/manifest/manifest_writer.h"
#include "store/paths.h"
#include "store/rejected/rejected_file.h"
#include "store/rejected/rejected_files.h"
#include "store/segment/segment_writer.h"
#include "store/store_id.h"

namespace tally::store {

/// Turns a journal file into the segment of the same number, always from the file itself: there is
/// one way, whether it was just rotated or is what a crash left. Not thread-safe.
class SegmentSealer {
 public:
  /// Called between pieces of work of some milliseconds each; false: give up.
  using Pause = std::function<bool()>;

  /// `files` and `manifest` must outlive the sealer.
  SegmentSealer(FileSystem& files, StorePaths paths, ManifestWriter& manifest,
                const RejectedLimits& limits, Pause pause);

  /// Seals the journal file `number`, which has a follower, and removes it. Whatever comes of it,
  /// each of its events is in the journal or in the segment, as readers see it. Errc::corruption:
  /// it does not hold all that it has to, and is left as it is. Errc::overloaded: given up.
  Result<void> seal(std::uint64_t number);

  /// Whether the last seal() failed at reading its journal file, or the header of the one behind
  /// it. Other files may be sealed all the same.
  bool was_unreadable() const noexcept { return unreadable_; }

  /// Removes the journal files that earlier calls sealed but could not remove.
  Result<void> remove_sealed();

  const RejectedLosses& rejected_losses() const noexcept { return rejected_.losses(); }

 private:
  Result<JournalCut> find_cut(std::uint64_t number);
  Result<SegmentSummary> write_segment(JournalReader& journal, const JournalCut& cut,
                                       RejectedFileWriter& rejected);
  Result<void> copy(JournalReader& journal, const Commit& commit, SegmentWriter& segment);
  template <class T>
  Result<T> noted(Result<T> read);

  FileSystem* files_;
  StorePaths paths_;
  ManifestWriter& manifest_;
  RejectedFiles rejected_;
  Pause pause_;
  FrameDecoder decoder_;
  bool unreadable_ = false;
};

}  // namespace tally::store
