#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/result.h"
#include "model/sequence.h"
#include "store/disk/file_system.h"
#include "store/paths.h"

namespace tally::store {

/// How the reason of a pause begins that a shipper has ordered itself, because somebody has to mend
/// something.
inline constexpr std::string_view kStoppedReason = "stopped: ";

/// What somebody wants a sink to do, left beside its cursor for whichever process serves it, now or
/// later; docs/format/cursors.md. Safe from any thread and process.
class SinkOrders {
 public:
  /// `files` must outlive it.
  SinkOrders(FileSystem& files, const StorePaths& paths, const std::string& name);

  /// That it is to send nothing, and why: until it is taken back. The reason is one line; nothing:
  /// it may send.
  Result<std::optional<std::string>> paused() const;
  Result<void> pause(const std::string& reason);
  Result<void> resume();

  /// Where it is to go on instead of where it is. Lasts until it is done.
  Result<std::optional<Sequence>> rewind() const;
  Result<void> set_rewind(Sequence next);
  Result<void> rewind_done();

  /// That what its receiver has refused for good is to be sent once more. Lasts until it is done.
  Result<bool> replay() const;
  Result<void> set_replay();
  Result<void> replay_done();

  /// Removes all of the sink's files but its lock, so that retention goes on without it. The caller
  /// has the sink's position.
  Result<void> forget();

 private:
  Path file(const char* suffix) const;
  Result<void> put(const Path& path, const std::string& text);
  Result<void> remove(const Path& path);

  FileSystem* files_;
  Path directory_;
  std::string name_;
};

}  // namespace tally::store
