#include "store/journal/frame_decoder.h"

#include <zstd.h>

#include <string>

#include "model/check.h"
#include "store/cursor.h"
#include "store/journal/frame_encoder.h"

namespace tally::store {
namespace {

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

}  // namespace

struct FrameDecoder::State {
  std::unique_ptr<ZSTD_DCtx, FreeContext> zstd{ZSTD_createDCtx()};
  std::string buffer;
};

FrameDecoder::FrameDecoder() : state_(std::make_unique<State>()) {
  TALLY_CHECK(state_->zstd != nullptr);
}

FrameDecoder::~FrameDecoder() = default;
FrameDecoder::FrameDecoder(FrameDecoder&&) noexcept = default;
FrameDecoder& FrameDecoder::operator=(FrameDecoder&&) noexcept = default;

Result<std::string_view> FrameDecoder::decode(std::string_view stored, std::uint32_t lines_bytes) {
  // The frame has to say the length itself, so that nothing is allocated for one that lies; and it
  // has to be a single one, because zstd would decode several as if they were.
  if (lines_bytes > kFrameLinesMax ||
      ZSTD_getFrameContentSize(stored.data(), stored.size()) != lines_bytes ||
      ZSTD_findFrameCompressedSize(stored.data(), stored.size()) != stored.size()) {
    return Error{Errc::corruption, "data frame is not a zstd frame of the length it should have"};
  }
  std::string& buffer = state_->buffer;
  if (buffer.size() < lines_bytes + kChunkPadding) buffer.resize(lines_bytes + kChunkPadding);
  const std::size_t bytes = ZSTD_decompressDCtx(state_->zstd.get(), buffer.data(), lines_bytes,
                                                stored.data(), stored.size());
  if (ZSTD_isError(bytes) || bytes != lines_bytes) {
    return Error{Errc::corruption, "data frame does not decompress"};
  }
  return std::string_view(buffer).substr(0, lines_bytes);
}

}  // namespace tally::store
