#include "store/salvage/loose_frames.h"

#include <zstd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "store/disk/field_codec.h"
#include "store/journal/frame_decoder.h"
#include "store/journal/journal_format.h"

namespace tally::store {
namespace {

constexpr std::uint32_t kZstdMagic = 0xFD2FB528;
constexpr std::size_t kPieceBytes = 64 * 1024;

/// How many events the lines are; 0: they are something else, such as refused events.
std::uint32_t count_events(std::string_view lines) {
  std::uint32_t count = 0;
  while (!lines.empty()) {
    const std::size_t length = lines.find('\n');
    if (length == std::string_view::npos || length < 2) return 0;
    if (lines.front() != '{' || lines[length - 1] != '}') return 0;
    ++count;
    lines.remove_prefix(length + 1);
  }
  return count;
}

/// Looks for frames from one end of a stretch to the other.
class LooseFrames {
 public:
  LooseFrames(File& file, std::uint64_t end) : file_(&file), end_(end) {}

  Result<void> give(std::uint64_t from, const SalvageOutlet& outlet) {
    const std::uint64_t begin = from;
    while (effort_ <= kSalvageEffort * (end_ - begin) + kFrameLinesMax) {
      TALLY_TRY(const auto magic, find_magic(from));
      if (!magic) break;
      TALLY_TRY(const std::size_t frame, give_frame(*magic, outlet));
      from = *magic + std::max<std::size_t>(frame, 1);
    }
    return ok();
  }

 private:
  Result<std::optional<std::uint64_t>> find_magic(std::uint64_t from);
  Result<std::size_t> give_frame(std::uint64_t offset, const SalvageOutlet& outlet);
  Result<std::size_t> read_frame(std::uint64_t offset);

  File* file_;
  std::uint64_t end_;
  std::uint64_t effort_ = 0;
  std::string piece_;
  std::string stored_;
  FrameDecoder decoder_;
};

Result<std::optional<std::uint64_t>> LooseFrames::find_magic(std::uint64_t from) {
  std::string magic;
  put_fixed32(magic, kZstdMagic);
  while (from < end_) {
    piece_.resize(std::min<std::uint64_t>(kPieceBytes, end_ - from));
    TALLY_TRY(const std::size_t read, file_->read_at(from, piece_));
    const std::size_t at = std::string_view(piece_).substr(0, read).find(magic);
    if (at != std::string_view::npos) return std::optional(from + at);
    if (read < kPieceBytes) break;
    from += read - (magic.size() - 1);
  }
  return std::optional<std::uint64_t>();
}

/// The length of the frame at `offset`; 0: nothing was given, and the look at it counts as effort.
Result<std::size_t> LooseFrames::give_frame(std::uint64_t offset, const SalvageOutlet& outlet) {
  TALLY_TRY(const std::size_t bytes, read_frame(offset));
  effort_ += stored_.size();
  if (bytes == 0) return 0;
  const auto lines_bytes = ZSTD_getFrameContentSize(stored_.data(), bytes);
  if (lines_bytes > kFrameLinesMax) return 0;  // Which the values for "unknown" and "no frame" are.
  effort_ += lines_bytes;
  const auto lines = decoder_.decode(std::string_view(stored_).substr(0, bytes),
                                     static_cast<std::uint32_t>(lines_bytes));
  const std::uint32_t count = lines ? count_events(lines.value()) : 0;
  if (count == 0) return 0;
  effort_ -= stored_.size() + lines_bytes;
  const Chunk chunk{.first = Sequence{0}, .count = count, .lines = lines.value(), .runs = {}};
  TALLY_TRY(outlet.events({.chunk = chunk, .store = {}, .verified = false}));
  return bytes;
}

/// Reads as much as it takes to hold the whole frame; its length, 0: there is none.
Result<std::size_t> LooseFrames::read_frame(std::uint64_t offset) {
  constexpr std::size_t kReads[] = {4 * 1024, 64 * 1024, 1024 * 1024, kFrameStoredMax};
  for (const std::size_t wanted : kReads) {
    stored_.resize(std::min<std::uint64_t>(wanted, end_ - offset));
    TALLY_TRY(const std::size_t read, file_->read_at(offset, stored_));
    stored_.resize(read);
    const std::size_t bytes = ZSTD_findFrameCompressedSize(stored_.data(), stored_.size());
    if (!ZSTD_isError(bytes)) return bytes;
    if (read < wanted) break;
  }
  return 0;
}

}  // namespace

Result<void> give_loose_frames(File& file, std::uint64_t offset, std::uint64_t bytes,
                               const SalvageOutlet& outlet) {
  return LooseFrames(file, offset + bytes).give(offset, outlet);
}

}  // namespace tally::store
