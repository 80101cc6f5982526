#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "model/clock.h"
#include "model/result.h"
#include "model/sequence.h"
#include "model/time.h"
#include "store/disk/file_system.h"
#include "store/paths.h"

namespace tally::shipper {

/// The events that a receiver will never take, with its reasons, in the file DIR/cursors/NAME.dead:
/// docs/format/cursors.md. The caller has the sink's position. Not thread-safe.
class DeadLetters {
 public:
  /// Past this the sink stops until somebody has looked: what nobody reads is as good as dropped.
  static constexpr std::uint64_t kBytesMax = 64 * 1024 * 1024;

  /// Goes on behind what is there; a line that a crash cut off is cut off. `files` and `clock` must
  /// outlive it.
  static Result<DeadLetters> open(store::FileSystem& files, const Clock& clock,
                                  const store::StorePaths& paths, const std::string& name,
                                  std::uint64_t bytes_max = kBytesMax);

  /// Adds an event that came in at `received`, unless it is there already. Errc::too_large past the
  /// bound.
  Result<void> add(Sequence sequence, UtcTime received, std::string_view line,
                   std::string_view reason);

  /// Adds a line of such a file as it is, of which nobody knows what it was, unless it is there
  /// already. The bound is not for it: it was in the file before.
  Result<void> keep(std::string_view damaged);

  /// What was added is durable on return.
  Result<void> sync();

  /// All that there are.
  std::uint64_t count() const noexcept { return sequences_.size(); }

 private:
  DeadLetters(std::unique_ptr<store::File> file, const Clock& clock, std::uint64_t bytes_max)
      : file_(std::move(file)), clock_(&clock), bytes_max_(bytes_max) {}

  Result<void> read_back(store::FileSystem& files, const store::Path& path);
  Result<void> append(const std::string& text);

  std::unique_ptr<store::File> file_;
  const Clock* clock_;
  std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;
  bool unsynced_ = false;
  std::set<Sequence> sequences_;
  std::set<std::string> damaged_;  ///< lines
};

}  // namespace tally::shipper
