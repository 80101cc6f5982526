#include "store/journal/journal_chunks.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tally::store {

JournalChunks::JournalChunks(JournalReader reader, Sequence from)
    : reader_(std::move(reader)), position_(from) {}

Result<std::optional<Chunk>> JournalChunks::next(const JournalBound& bound) {
  while (true) {
    while (commit_ && frame_ < commit_->header.frames.size()) {
      TALLY_TRY(auto chunk, decode_frame());
      if (chunk) return chunk;
    }
    TALLY_TRY(const bool more, next_commit(bound));
    if (!more) return std::optional<Chunk>();
  }
}

Result<bool> JournalChunks::next_commit(const JournalBound& bound) {
  const auto* cut = std::get_if<JournalCut>(&bound);
  TALLY_TRY(commit_, cut != nullptr ? reader_.next_before(*cut)
                                    : reader_.next_within(std::get<JournalLimit>(bound)));
  if (!commit_) return false;
  frame_ = 0;
  frame_first_ = commit_->header.first;
  slicer_ = RunSlicer(commit_->header.runs);
  return true;
}

/// The current frame from the position on; nothing if it lies before the position, or is damaged.
/// What could not be read is not lost: after an error the next call tries the same frame again.
Result<std::optional<Chunk>> JournalChunks::decode_frame() {
  const FrameDigest& digest = commit_->header.frames[frame_];
  const Sequence first = frame_first_;
  if (advance(first, digest.count) <= position_) {
    pass_frame();
    slicer_.skip(digest.count);
    return std::optional<Chunk>();
  }
  auto stored = reader_.read_frame(*commit_, frame_);
  auto lines = stored ? decoder_.decode(stored.value(), digest.lines_bytes) : stored;
  if (!lines && lines.error().code != Errc::corruption) return lines.error();
  if (!lines) note_lost_frame();
  pass_frame();
  const auto before =
      position_ > first ? static_cast<std::uint32_t>(distance(first, position_)) : 0;
  position_ = frame_first_;
  if (!lines) {
    slicer_.skip(digest.count);
    return std::optional<Chunk>();
  }
  Chunk chunk = slicer_.take(lines.value(), digest.count, before);
  chunk.first = advance(first, before);
  return std::optional(chunk);
}

void JournalChunks::pass_frame() {
  frame_first_ = advance(frame_first_, commit_->header.frames[frame_].count);
  ++frame_;
}

void JournalChunks::note_lost_frame() {
  corrupt_.push_back({reader_.path(), commit_->frame_offsets[frame_],
                      commit_->header.stored[frame_].bytes, frame_first_,
                      commit_->header.frames[frame_].count});
}

Sequence JournalChunks::position() const noexcept {
  const bool within_commit = commit_ && frame_ < commit_->header.frames.size();
  return std::max(position_, within_commit ? frame_first_ : reader_.expected());
}

std::vector<CorruptRange> JournalChunks::take_corrupt() {
  std::vector<CorruptRange> corrupt = reader_.take_corrupt();
  std::ranges::move(std::exchange(corrupt_, {}), std::back_inserter(corrupt));
  return corrupt;
}

}  // namespace tally::store
