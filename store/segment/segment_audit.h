#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/cursor.h"
#include "store/disk/sha256.h"
#include "store/journal/commit_header.h"
#include "store/segment/block_header.h"
#include "store/segment/commit_outline.h"
#include "store/segment/segment_footer.h"

namespace tally::store {

/// Holds a segment's events to its hashes, block by block in order; makes each commit's core again
/// on the way. Not thread-safe; the footer must outlive it.
class SegmentAudit {
 public:
  explicit SegmentAudit(const SegmentFooter& footer);
  SegmentAudit(const SegmentAudit&) = delete;
  SegmentAudit& operator=(const SegmentAudit&) = delete;

  /// The next block: its header, its parts as stored, all its events, whether the first run goes on
  /// with the last one of the block before, and the commits that begin in it. Errc::corruption.
  Result<void> block(const BlockHeader& header, std::string_view parts, const Chunk& chunk,
                     bool continued, const CommitOutlines& commits);

  /// After the last block. Errc::corruption.
  Result<void> end();

 private:
  /// A commit of which events are still to come, or that waits for its turn.
  struct Outline {
    std::uint32_t runs = 0;
    std::vector<std::uint32_t> frame_counts;
  };

  Result<void> check_header(const BlockHeader& header, std::string_view parts);
  Result<void> check_root(const BlockHeader& header, const Chunk& chunk);
  Result<void> add_commits(const CommitOutlines& commits);
  Result<void> add_runs(const Chunk& chunk, bool continued);
  Result<void> add_line(std::string_view line);
  Result<void> close_commits();

  const SegmentFooter* footer_;
  Sha256 previous_header_{};
  Sha256 last_core_{};
  Sequence next_{};  ///< first event of the commit at the front of waiting_
  std::deque<Outline> waiting_;
  std::deque<Run> runs_;             ///< of the commits in waiting_, whole as the journal had them
  std::vector<FrameDigest> frames_;  ///< complete ones of the commit at the front
  std::string frame_;                ///< lines of the one that is not
  std::uint32_t frame_count_ = 0;
};

}  // namespace tally::store
