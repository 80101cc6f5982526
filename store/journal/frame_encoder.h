#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "store/batch.h"

namespace tally::store {

/// Hashes and compresses event lines into data frames. One per thread: it keeps the zstd and
/// SHA-256 contexts, and allocates nothing per event.
class FrameEncoder {
 public:
  FrameEncoder();
  ~FrameEncoder();
  FrameEncoder(FrameEncoder&&) noexcept;
  FrameEncoder& operator=(FrameEncoder&&) noexcept;

  /// `lines`: `count` whole lines, each ended by LF; at most kFrameLinesMax bytes.
  /// The frame owns what it holds; `lines` is free again when the call returns.
  DataFrame encode(std::string_view lines, std::uint32_t count);

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

/// The most that one frame may hold; ingest cuts longer input into several frames.
inline constexpr std::size_t kFrameLinesMax = 16 * 1024 * 1024;

}  // namespace tally::store
