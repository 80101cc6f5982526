#include "store/disk/zstd_stream.h"

#include <zstd.h>

#include <string>

#include "model/check.h"

namespace tally::store {

struct ZstdStream::Context {
  ZSTD_DCtx* zstd = ZSTD_createDCtx();
  ~Context() { ZSTD_freeDCtx(zstd); }
};

ZstdStream::ZstdStream() : context_(std::make_unique<Context>()) {
  TALLY_CHECK(context_->zstd != nullptr);
}
ZstdStream::~ZstdStream() = default;
ZstdStream::ZstdStream(ZstdStream&&) noexcept = default;
ZstdStream& ZstdStream::operator=(ZstdStream&&) noexcept = default;

Result<ZstdStream::Progress> ZstdStream::decode(std::string_view in, std::span<char> out) {
  // The decoder would take a call without input for the start of another frame.
  if (at_frame_end_ && in.empty()) return Progress{};
  ZSTD_inBuffer input{in.data(), in.size(), 0};
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  const std::size_t left = ZSTD_decompressStream(context_->zstd, &output, &input);
  if (ZSTD_isError(left) != 0) {
    return Error{Errc::corruption, std::string("zstd: ") + ZSTD_getErrorName(left)};
  }
  // 0 means that a frame is decoded and its output flushed.
  at_frame_end_ = left == 0;
  return Progress{input.pos, output.pos};
}

}  // namespace tally::store
