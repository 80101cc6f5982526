#pragma once

#include <memory>
#include <string_view>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/journal/commit_header.h"
#include "store/segment/segment_summary.h"

namespace tally::store {

/// Writes one segment file, from the commits of one journal file. docs/format/segment.md.
///
/// Per commit: begin_commit(), then add_frame() for each of its data frames in order, so that one
/// frame at a time is in memory. Memory is bounded, whatever the events are: one block, and the
/// segment's shapes, dictionaries and filter keys, each with a cap in bytes.
///
/// Not thread-safe. The file system must outlive it. After an error the writer is of no further
/// use and the file is to be removed; one that was never finished has no footer, and no reader
/// opens it.
class SegmentWriter {
 public:
  /// Creates the file under the name given, which must not exist; the caller renames it.
  static Result<SegmentWriter> create(FileSystem& files, const Path& path,
                                      const SegmentIdentity& identity);
  ~SegmentWriter();
  SegmentWriter(SegmentWriter&&) noexcept;
  SegmentWriter& operator=(SegmentWriter&&) noexcept;

  /// The next commit of the journal, with the hash of its core. Only the core of `header` is looked
  /// at; it is copied. Errc::corruption if it does not follow on the commit before it, or if a
  /// frame of that one is missing.
  Result<void> begin_commit(const CommitHeader& header, const Sha256& core_hash);

  /// The lines of the commit's next data frame, LF-ended. Errc::corruption if they are not what the
  /// header says: count, length or SHA-256.
  Result<void> add_frame(std::string_view lines);

  /// Writes what remains, and syncs the file's data. Without any commit the segment is empty, which
  /// is legal. Nothing may be called after it.
  Result<SegmentSummary> finish();

 private:
  struct State;
  explicit SegmentWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tally::store
