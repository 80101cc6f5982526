#include "bench/corpus_frames.h"

#include <algorithm>

#include "bench/corpus.h"

namespace tally::bench {

std::size_t frame_end(std::string_view lines, std::size_t begin, std::size_t frame_bytes) {
  if (lines.size() - begin <= frame_bytes) return lines.size();
  const std::size_t last = lines.rfind('\n', begin + frame_bytes - 1);
  if (last != std::string_view::npos && last >= begin) return last + 1;
  return lines.find('\n', begin) + 1;
}

std::vector<CorpusFrame> corpus_frames(std::uint64_t events, std::size_t frame_bytes) {
  std::string all;
  CorpusGenerator(CorpusOptions{}).append_lines(all, events);
  std::vector<CorpusFrame> frames;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = frame_end(all, begin, frame_bytes);
    CorpusFrame frame;
    frame.lines.reserve(end - begin + kFramePadding);
    frame.lines.assign(all, begin, end - begin);
    frame.events =
        static_cast<std::uint32_t>(std::count(frame.lines.begin(), frame.lines.end(), '\n'));
    frames.push_back(std::move(frame));
    begin = end;
  }
  return frames;
}

std::string joined_lines(const std::vector<CorpusFrame>& frames) {
  std::string all;
  for (const CorpusFrame& frame : frames) all += frame.lines;
  return all;
}

}  // namespace tally::bench
