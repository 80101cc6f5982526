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
      if (auto chunk = decode_frame()) return chunk;
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
std::optional<Chunk> JournalChunks::decode_frame() {
  const FrameDigest& digest = commit_->header.frames[frame_];
  const Sequence first = frame_first_;
  frame_first_ = advance(first, digest.count);
  const std::size_t index = frame_++;
  if (frame_first_ <= position_) {
    slicer_.skip(digest.count);
    return std::nullopt;
  }
  auto stored = reader_.read_frame(*commit_, index);
  auto lines = stored ? decoder_.decode(stored.value(), digest.lines_bytes) : stored;
  if (!lines) return lose(index, first);
  const auto before =
      position_ > first ? static_cast<std::uint32_t>(distance(first, position_)) : 0;
  Chunk chunk = slicer_.take(lines.value(), digest.count, before);
  chunk.first = advance(first, before);
  position_ = frame_first_;
  return chunk;
}

std::optional<Chunk> JournalChunks::lose(std::size_t frame, Sequence first) {
  const std::uint32_t count = commit_->header.frames[frame].count;
  corrupt_.push_back({reader_.path(), commit_->frame_offsets[frame],
                      commit_->header.stored[frame].bytes, first, count});
  slicer_.skip(count);
  position_ = frame_first_;
  return std::nullopt;
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
