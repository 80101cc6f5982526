#pragma once

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "model/result.h"
#include "store/cursor.h"
#include "store/journal/frame_decoder.h"
#include "store/journal/journal_reader.h"
#include "store/journal/run_slicer.h"

namespace tally::store {

/// How far a journal file is to be read: up to the file that follows it, or what is durable of it.
using JournalBound = std::variant<JournalCut, JournalLimit>;

/// The events of one journal file, as a cursor gives them. One thread at a time.
class JournalChunks {
 public:
  /// Passes over what is before `from`.
  JournalChunks(JournalReader reader, Sequence from);
  JournalChunks(const JournalChunks&) = delete;
  JournalChunks& operator=(const JournalChunks&) = delete;

  /// The next events within `bound`: views that are valid until the next call; nothing if there are
  /// none yet. Damage is passed over, and told by take_corrupt().
  Result<std::optional<Chunk>> next(const JournalBound& bound);

  /// Nothing will be added to the file: what is missing up to `cut` is lost.
  Result<void> finish(const JournalCut& cut) { return reader_.finish(cut); }

  /// The first sequence that has neither been given nor found lost.
  Sequence position() const noexcept;

  /// What was found damaged since the last call.
  std::vector<CorruptRange> take_corrupt();

  const JournalReader& reader() const noexcept { return reader_; }

 private:
  Result<bool> next_commit(const JournalBound& bound);
  Result<std::optional<Chunk>> decode_frame();
  void pass_frame();
  void note_lost_frame();

  JournalReader reader_;
  FrameDecoder decoder_;
  Sequence position_;
  std::optional<Commit> commit_;  ///< whose frames from `frame_` on are still to be read
  std::size_t frame_ = 0;
  Sequence frame_first_{};  ///< first sequence of that frame
  RunSlicer slicer_;
  std::vector<CorruptRange> corrupt_;
};

}  // namespace tally::store
