#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "model/clock.h"
#include "model/result.h"
#include "model/sequence.h"
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

  /// Adds an event, unless it is there already. Errc::no_space past the bound.
  Result<void> add(Sequence sequence, std::string_view line, std::string_view reason);

  /// What was added is durable on return.
  Result<void> sync();

  /// All that there are.
  std::uint64_t count() const noexcept { return sequences_.size(); }

 private:
  DeadLetters(std::unique_ptr<store::File> file, const Clock& clock, std::uint64_t bytes_max)
      : file_(std::move(file)), clock_(&clock), bytes_max_(bytes_max) {}

  Result<void> read_back();

  std::unique_ptr<store::File> file_;
  const Clock* clock_;
  std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;
  bool unsynced_ = false;
  std::set<Sequence> sequences_;
};

}  // namespace tally::shipper
