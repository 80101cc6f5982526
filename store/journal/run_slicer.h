#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/provenance.h"
#include "store/cursor.h"

namespace tally::store {

/// Deals a commit's runs out to its data frames, in order. The runs must outlive the slicer.
class RunSlicer {
 public:
  RunSlicer() = default;
  explicit RunSlicer(std::span<const Run> runs) : runs_(runs) {}

  /// Passes over the runs of `count` events.
  void skip(std::uint32_t count);

  /// The chunk of a frame's `lines` (`count` of them) less the first `without`; its views live
  /// until the next call. `first` is left to the caller.
  Chunk take(std::string_view lines, std::uint32_t count, std::uint32_t without);

 private:
  Run next(std::uint32_t count_max);

  std::span<const Run> runs_;
  std::uint32_t used_ = 0;   ///< events of the first run that earlier frames had
  std::vector<Run> slices_;  ///< what the last chunk shows
};

}  // namespace tally::store
