#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tally::bench {

/// Some corpus, cut as clients and the journal cut it.
struct CorpusFrame {
  std::string
      lines;  ///< whole lines, each ended by LF; kFramePadding bytes behind it are allocated
  std::uint32_t events = 0;
};

inline constexpr std::size_t kFramePadding = 64;

/// `events` corpus events (seed 1) in frames of at most `frame_bytes`.
std::vector<CorpusFrame> corpus_frames(std::uint64_t events, std::size_t frame_bytes);

/// The frames' lines one after the other.
std::string joined_lines(const std::vector<CorpusFrame>& frames);

/// The end of the frame of at most `frame_bytes` (at least one line) that begins at `begin`.
std::size_t frame_end(std::string_view lines, std::size_t begin, std::size_t frame_bytes);

}  // namespace tally::bench
