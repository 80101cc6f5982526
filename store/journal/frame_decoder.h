#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "model/result.h"

namespace tally::store {

/// Decompresses data frames. One per thread: it keeps the zstd context and one buffer, which grows
/// to the largest frame seen (kFrameLinesMax at most).
class FrameDecoder {
 public:
  FrameDecoder();
  ~FrameDecoder();
  FrameDecoder(FrameDecoder&&) noexcept;
  FrameDecoder& operator=(FrameDecoder&&) noexcept;

  /// The lines of the frame: `lines_bytes` of them, else Errc::corruption. Valid until the next
  /// call; kChunkPadding bytes behind them are readable.
  Result<std::string_view> decode(std::string_view stored, std::uint32_t lines_bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tally::store
