#include "store/segment/commit_outline.h"

#include "store/journal/journal_format.h"

namespace tally::store {
namespace {

/// Commits that begin within a block, or behind the last one: as many as the smallest ones that a
/// journal file of the largest size holds.
constexpr std::size_t kCommitsMax = kJournalFileBytesMax / 128;

bool within(const std::vector<std::int64_t>& values, std::int64_t low, std::size_t max) noexcept {
  for (const std::int64_t value : values) {
    if (value < low || value > static_cast<std::int64_t>(max)) return false;
  }
  return true;
}

}  // namespace

void put_outlines(std::string& out, const CommitOutlines& outlines, IntegerEncoder& integers) {
  put_varint(out, outlines.frames.size());
  put_varint(out, outlines.frame_counts.size());
  integers.encode(out, outlines.frames);
  integers.encode(out, outlines.runs);
  integers.encode(out, outlines.frame_counts);
}

bool read_outlines(std::string_view part, IntegerDecoder& integers, CommitOutlines& outlines) {
  ByteReader in(part);
  const std::size_t commits = in.varint(kCommitsMax);
  const std::size_t frames = in.varint(kCommitsMax);
  if (in.failed()) return false;
  integers.decode(in, commits, outlines.frames);
  integers.decode(in, commits, outlines.runs);
  if (in.failed()) return false;
  integers.decode(in, frames, outlines.frame_counts);
  if (in.failed() || !in.at_end() || !within(outlines.frames, 0, kCommitFramesMax) ||
      !within(outlines.runs, 0, kCommitRunsMax) ||
      !within(outlines.frame_counts, 1, kCommitEventsMax)) {
    return false;
  }
  std::int64_t total = 0;
  for (const std::int64_t count : outlines.frames) total += count;
  return total == static_cast<std::int64_t>(frames);
}

}  // namespace tally::store
