#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/provenance.h"
#include "store/journal/commit_header.h"
#include "store/segment/segment_reader.h"
#include "store/segment/segment_writer.h"
#include "tests/support/fault_file_system.h"

namespace tally::tests {

/// A commit as a journal would hold it: header, hash of its core, and the lines of its frames.
struct JournalCommit {
  store::CommitHeader header;
  store::Sha256 core_hash{};
  std::vector<std::string> frames;
};

/// Makes commits that follow on one another.
class CommitMaker {
 public:
  explicit CommitMaker(Sequence first) : next_(first) {}

  /// One frame of the lines, in one run from HTTP.
  JournalCommit commit(const std::vector<std::string>& lines);

  /// The lines in frames of `frame_lines`, with the provenance given, which is of as many.
  JournalCommit commit(const std::vector<std::string>& lines, std::size_t frame_lines,
                       std::vector<Run> runs);

 private:
  Sequence next_;
  store::Sha256 last_core_{};
};

/// The identity of the segments that tests make: number 7, sequence 1000.
store::SegmentIdentity sample_segment();

/// Writes a segment of the commits to `path`.
Result<store::SegmentSummary> write_segment(store::FileSystem& files, const store::Path& path,
                                            const std::vector<JournalCommit>& commits);

/// The lines cut into commits of `commit_lines`.
std::vector<JournalCommit> commits_of(const std::vector<std::string>& lines,
                                      std::size_t commit_lines);

/// What a segment gives back.
struct SegmentContents {
  std::vector<std::string> lines;
  std::vector<Run> runs;
};

/// Reads it from `from` on; sequences that do not follow one another are an error.
Result<SegmentContents> read_segment(store::SegmentReader& reader, Sequence from = kFirstSequence);

/// The runs, with neighbours joined that a block's end had cut apart.
std::vector<Run> joined_runs(const std::vector<Run>& runs, const std::vector<std::string>& lines);

/// The bytes of a file.
std::string file_bytes(store::FileSystem& files, const store::Path& path);

}  // namespace tally::tests
