#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/corpus.h"
#include "bench/corpus_frames.h"
#include "bench/random.h"
#include "model/sequence.h"
#include "store/disk/file_system.h"
#include "store/disk/sha256.h"
#include "store/journal/commit_header.h"
#include "store/segment/segment_summary.h"

namespace tally::bench {

/// A request as the journal holds it: a commit of one frame.
struct CorpusCommit {
  CorpusFrame frame;
  store::CommitHeader header;
  store::Sha256 core_hash{};
};

/// What a journal would hold of the corpus (seed 1) if clients posted it one request after the
/// other as fast as the events happen. The same commits on every machine. One thread at a time.
class CorpusCommits {
 public:
  /// `frame_bytes`: of a request at the most, and at least one event; 0: each event by itself.
  explicit CorpusCommits(std::size_t frame_bytes);

  /// The next `events` events.
  std::vector<CorpusCommit> next(std::uint64_t events);

  /// A request of other whole lines, as the next one.
  CorpusCommit commit(std::string_view lines);

  Sequence next_sequence() const noexcept { return next_; }
  const store::Sha256& last_core() const noexcept { return previous_core_; }
  UtcTime last_received() const noexcept { return received_; }

 private:
  std::size_t frame_bytes_;
  CorpusGenerator corpus_;
  Random random_{1};
  Sequence next_ = kFirstSequence;
  store::Sha256 previous_core_{};
  UtcTime received_;
};

/// Calls `each` with every line, without its LF.
template <class Each>
void for_each_line(const std::vector<CorpusCommit>& commits, Each each) {
  for (const CorpusCommit& commit : commits) {
    std::string_view lines = commit.frame.lines;
    while (!lines.empty()) {
      const std::size_t length = lines.find('\n');
      each(lines.substr(0, length));
      lines.remove_prefix(length + 1);
    }
  }
}

/// Writes the commits, of which there is at least one, as the segment `number` of `store`. Ends the
/// program if that does not go.
store::SegmentSummary seal_commits(store::FileSystem& files, const store::Path& path,
                                   const std::vector<CorpusCommit>& commits,
                                   const store::StoreId& store = {}, std::uint64_t number = 1);

}  // namespace tally::bench
