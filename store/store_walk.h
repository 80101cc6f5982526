#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "model/result.h"
#include "store/cursor.h"
#include "store/disk/file_system.h"
#include "store/journal/durable_limit.h"
#include "store/journal/journal_chunks.h"
#include "store/paths.h"
#include "store/reader_lock.h"
#include "store/segment/segment_cursor.h"
#include "store/segment/segment_reader.h"
#include "store/selection.h"
#include "store/store_listing.h"

namespace tally::store {

/// Goes through the events of a store, segment by segment and journal file by journal file, while
/// they are written, sealed and removed by this or another process. One file is open at a time, and
/// READERS. One thread at a time.
class StoreWalk {
 public:
  /// See Cursor::open. `files` must outlive the walk.
  static Result<std::unique_ptr<StoreWalk>> open(FileSystem& files, StorePaths paths, Sequence from,
                                                 Selection wanted);

  StoreWalk(const StoreWalk&) = delete;
  StoreWalk& operator=(const StoreWalk&) = delete;

  /// See Cursor::next.
  Result<std::optional<Chunk>> next();

  /// The first sequence that has neither been given nor found lost.
  Sequence position() const noexcept;

  const StoreId& id() const noexcept { return id_; }
  const std::vector<CorruptRange>& corrupt() const noexcept { return corrupt_; }
  const std::vector<RemovedEvents>& removed() const noexcept { return removed_; }

 private:
  /// A segment that is being read.
  struct OpenSegment {
    OpenSegment(SegmentReader opened, Sequence from, const Selection& selection)
        : reader(std::move(opened)), cursor(reader, from, selection) {}

    SegmentReader reader;
    SegmentCursor cursor;
  };

  /// What a part of the walk came to.
  enum class Step : std::uint8_t { chunk, moved, end };

  StoreWalk(FileSystem& files, StorePaths paths, Sequence from, Selection selection);

  Result<void> start();
  Result<std::uint64_t> starting_number();
  Result<std::optional<std::uint64_t>> newest_journal_from(Sequence from);
  Result<Step> step_in_segment(std::optional<Chunk>& chunk);
  Result<Step> step_in_journal(std::optional<Chunk>& chunk);
  Result<Step> leave_segment();
  Result<Step> leave_journal();
  Result<Step> find_cut();
  Result<Step> change_over();
  Result<Step> enter_next();
  Result<Step> enter(std::optional<std::uint64_t> number);
  bool pass_over(std::uint64_t number);
  bool may_have_strings(const SegmentSummary& segment);
  Result<bool> open_file(std::uint64_t number);
  Result<bool> open_segment(const SegmentSummary& listed);
  Result<bool> open_journal(std::uint64_t number);
  Result<void> relist();
  void close_file();
  void collect();
  void note_gap(const Path& path, Sequence first);
  void note_block(Sequence in_block, std::uint64_t lost);
  void note_damaged_file(std::uint64_t number);

  // Constant after construction.
  FileSystem* files_;
  StorePaths paths_;
  Selection selection_;

  ReaderLock lock_;
  StoreListing listing_;
  DurableLimit limit_;
  StoreId id_;
  std::uint64_t number_ = 0;              ///< of the file that is being read, or was last
  std::unique_ptr<OpenSegment> segment_;  ///< one of these two is there
  std::unique_ptr<JournalChunks> journal_;
  std::optional<JournalCut> cut_;  ///< of the journal file, once it has a follower
  Sequence from_;
  Sequence expected_{};  ///< the first event of the next file should be this one; 0: any
  std::set<std::uint64_t> damaged_files_;  ///< told once
  std::vector<CorruptRange> corrupt_;
  std::vector<RemovedEvents> removed_;
};

}  // namespace tally::store
