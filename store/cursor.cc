#include "store/cursor.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "store/durable_watch.h"
#include "store/frame_decoder.h"
#include "store/journal_walk.h"
#include "store/run_slicer.h"

namespace tally::store {

struct Cursor::State {
  State(JournalWalk opened, StorePaths where, Sequence from)
      : walk(std::move(opened)), paths(std::move(where)), position(from), id(walk.id()) {}

  Result<std::optional<Chunk>> next();
  Result<bool> next_commit();
  std::optional<Chunk> decode_frame();
  void lose(std::uint64_t events);

  JournalWalk walk;
  StorePaths paths;
  std::optional<DurableWatch> watch;  ///< only for those who wait: inotify instances are few
  FrameDecoder decoder;
  Sequence position;
  StoreId id;
  std::optional<Commit> commit;  ///< whose frames from `frame` on are still to be read
  std::size_t frame = 0;
  Sequence frame_first{};  ///< first sequence of that frame
  RunSlicer slicer;
  std::vector<RefusedEvent> refused;
};

Result<Cursor> Cursor::open(FileSystem& files, const Path& directory, Sequence from,
                            Refused refused) {
  const StorePaths paths(directory);
  TALLY_TRY(auto walk, JournalWalk::open(files, paths, from, refused));
  return Cursor(std::make_unique<State>(std::move(walk), paths, from));
}

Cursor::Cursor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Cursor::~Cursor() = default;
Cursor::Cursor(Cursor&&) noexcept = default;
Cursor& Cursor::operator=(Cursor&&) noexcept = default;

Result<std::optional<Chunk>> Cursor::next() { return state_->next(); }

Result<std::optional<Chunk>> Cursor::State::next() {
  while (true) {
    while (commit && frame < commit->header.frames.size()) {
      if (auto chunk = decode_frame()) return chunk;
    }
    TALLY_TRY(const bool more, next_commit());
    if (!more) return std::optional<Chunk>();
  }
}

Result<bool> Cursor::State::next_commit() {
  TALLY_TRY(commit, walk.next());
  if (!commit) return false;
  frame = 0;
  frame_first = commit->header.first;
  slicer = RunSlicer(commit->header.runs);
  std::move(commit->header.refused.begin(), commit->header.refused.end(),
            std::back_inserter(refused));
  return true;
}

/// The current frame from the position on; nothing if it lies before the position, or is damaged.
std::optional<Chunk> Cursor::State::decode_frame() {
  const FrameDigest& digest = commit->header.frames[frame];
  const Sequence first = frame_first;
  frame_first = advance(first, digest.count);
  const std::size_t index = frame++;
  if (frame_first <= position) {
    slicer.skip(digest.count);
    return std::nullopt;
  }
  auto stored = walk.scan().read_frame(*commit, index);
  auto lines = stored ? decoder.decode(stored.value(), digest.lines_bytes) : stored;
  if (!lines) {
    walk.corrupt().push_back({walk.path(), commit->frame_offsets[index],
                              commit->header.stored[index].bytes, first, digest.count});
    slicer.skip(digest.count);
    position = frame_first;
    return std::nullopt;
  }
  const auto before = position > first ? static_cast<std::uint32_t>(distance(first, position)) : 0;
  Chunk chunk = slicer.take(lines.value(), digest.count, before);
  chunk.first = advance(first, before);
  position = frame_first;
  return chunk;
}

std::vector<RefusedEvent> Cursor::take_refused() { return std::exchange(state_->refused, {}); }

bool Cursor::wait(std::chrono::milliseconds timeout) {
  if (state_->watch) return state_->watch->wait(timeout);
  state_->watch.emplace(state_->paths);
  return true;  // What came before the watch began is seen by looking once more.
}

Sequence Cursor::position() const noexcept {
  return std::max(state_->position, state_->walk.expected());
}

const StoreId& Cursor::id() const noexcept { return state_->id; }

const std::vector<CorruptRange>& Cursor::corrupt() const noexcept { return state_->walk.corrupt(); }

}  // namespace tally::store
