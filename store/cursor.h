#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/provenance.h"
#include "model/result.h"
#include "model/sequence.h"
#include "store/disk/file_system.h"
#include "store/selection.h"
#include "store/store.h"
#include "store/store_id.h"

namespace tally::store {

/// Events of one data frame or block, from the cursor's position on. Views into the cursor, valid
/// until its next call; kChunkPadding bytes behind `lines` are readable.
struct Chunk {
  Sequence first{};
  std::uint32_t count = 0;
  std::string_view lines;     ///< `count` lines, each ended by LF
  std::span<const Run> runs;  ///< provenance; their counts sum up to `count`
};

inline constexpr std::size_t kChunkPadding = 64;

/// `count` events from `first` on that retention removed while a cursor still had to read them.
struct RemovedEvents {
  Sequence first{};
  std::uint64_t count = 0;

  friend bool operator==(const RemovedEvents&, const RemovedEvents&) = default;
};

/// Reads a store in sequence order, segments and journal alike, in the collector's process or in
/// another one, while it is written, sealed and removed from. Sees what is durable and nothing
/// else. What it has not passed yet is kept from retention as long as it lives, unless the disk
/// is full: then it goes on behind the gap, and removed() tells. It holds two files
/// open at most, and one more for a moment. One thread at a time.
class Cursor {
 public:
  /// Errc::not_found if `directory` holds no store: reading never creates one. Starts with the
  /// event `from`, or the first one there is after it. Events that `selection` does not mean may be
  /// left out.
  static Result<Cursor> open(FileSystem& files, const Path& directory,
                             Sequence from = kFirstSequence, Selection selection = {});
  ~Cursor();
  Cursor(Cursor&&) noexcept;
  Cursor& operator=(Cursor&&) noexcept;

  /// The next events, or nothing when all that is durable has been read (more may come later).
  /// Corruption is skipped, and told by corrupt().
  Result<std::optional<Chunk>> next();

  /// Waits until more may be durable than next() has read; false when `timeout` came first. Wakes
  /// by inotify, or every two seconds where that is blind.
  bool wait(std::chrono::milliseconds timeout);

  /// The sequence that next() goes on with.
  Sequence position() const noexcept;
  const StoreId& id() const noexcept;

  /// What was found damaged so far.
  const std::vector<CorruptRange>& corrupt() const noexcept;

  /// What retention took from under it so far; nothing is damaged there.
  const std::vector<RemovedEvents>& removed() const noexcept;

 private:
  struct State;
  explicit Cursor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tally::store
