#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/journal/commit_header.h"
#include "store/journal/file_header.h"
#include "store/journal/frame_encoder.h"
#include "store/journal/journal_format.h"

namespace tally::tests {

/// A commit header around any core and attachments, lengths and CRCs right: written down here once
/// more from docs/format/journal.md, so that a test can put in what the encoder never would.
std::string framed_commit(std::string_view core, std::string_view attachments, std::uint64_t salt,
                          std::uint8_t version = store::kJournalVersion);

/// The same for a file header.
std::string framed_file_header(std::string_view fields,
                               std::uint8_t version = store::kJournalVersion);

/// Builds a journal file in memory, commit by commit.
class JournalBytes {
 public:
  explicit JournalBytes(const store::FileHeader& header);

  /// Commits the events in one frame and in one run, like a small request's.
  void commit(const std::vector<std::string>& events);

  /// Commits what the batch holds; its runs and frames agree.
  void commit(const store::Batch& batch);

  /// The file so far, and `zeros` bytes that remain under a rest header; none: it ends.
  std::string finish(std::size_t zeros) const;

  const std::string& bytes() const noexcept { return bytes_; }
  /// Where each commit begins, and the last one ends.
  const std::vector<std::uint64_t>& boundaries() const noexcept { return boundaries_; }
  store::DataFrame frame(const std::vector<std::string>& events);

 private:
  std::string bytes_;
  std::uint64_t salt_;
  Sequence next_;
  store::Sha256 last_core_;
  std::vector<std::uint64_t> boundaries_;
  store::CommitEncoder encoder_;
  store::FrameEncoder frames_;
};

/// A header with every field set.
store::FileHeader sample_file_header();

/// An event of the size and kind that services write; the same for the same number.
std::string sample_event(std::uint64_t number);

}  // namespace tally::tests
