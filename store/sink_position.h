#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.h"
#include "model/sequence.h"
#include "store/disk/file_system.h"
#include "store/paths.h"
#include "store/store_id.h"

namespace tally::store {

/// How far a sink has got, and what it needs besides to go on exactly there.
struct SinkState {
  Sequence next{};   ///< the first event that it has not got
  std::string note;  ///< the sink's own: one line of printable text; empty: nothing

  friend bool operator==(const SinkState&, const SinkState&) = default;
};

/// The note of a state that somebody has rewound the sink to: a receiver that knows how far it has
/// got is not asked then.
inline constexpr std::string_view kRewoundNote = "rewound";

/// A sink's durable place in a store, and the right to move it, which one open file at a time has,
/// in any process; docs/format/cursors.md. Not thread-safe.
class SinkPosition {
 public:
  /// Takes DIR/cursors/NAME.lock, whose file stays when the position goes. Errc::held names who has
  /// it; Errc::corruption: the cursor cannot be understood, and what to do. A cursor of another
  /// store counts as none. `files` must outlive the position.
  static Result<SinkPosition> open(FileSystem& files, const StorePaths& paths, const StoreId& store,
                                   const std::string& name);

  /// The same for who does not care what the cursor says, and is going to save another one.
  static Result<SinkPosition> take_over(FileSystem& files, const StorePaths& paths,
                                        const StoreId& store, const std::string& name);

  /// Nothing: the sink is new to this store.
  const std::optional<SinkState>& state() const noexcept { return state_; }

  /// Durable on return. Errc::invalid: the note is longer than kSinkNoteMax, or has a line end.
  Result<void> save(SinkState state);

 private:
  SinkPosition(FileSystem& files, Path directory, std::string store, std::string name,
               std::unique_ptr<File> lock);

  FileSystem* files_;
  Path directory_;
  std::string store_;
  std::string name_;
  std::unique_ptr<File> lock_;
  std::optional<SinkState> state_;
};

inline constexpr std::size_t kSinkNoteMax = 512;

}  // namespace tally::store
