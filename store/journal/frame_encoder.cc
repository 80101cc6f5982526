#include "store/journal/frame_encoder.h"

#include <zstd.h>

#include <string>

#include "model/check.h"
#include "store/disk/sha256.h"

namespace tally::store {
namespace {

/// The fastest level that still halves the write: the sealer compresses for keeps.
constexpr int kLevel = 1;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

}  // namespace

struct FrameEncoder::Contexts {
  std::unique_ptr<ZSTD_CCtx, FreeContext> zstd{ZSTD_createCCtx()};
  std::string scratch;  ///< grows to the bound of the largest input seen
};

FrameEncoder::FrameEncoder() : contexts_(std::make_unique<Contexts>()) {
  ZSTD_CCtx* const zstd = contexts_->zstd.get();
  TALLY_CHECK(zstd != nullptr);
  // The journal's own CRC covers the stored bytes, so zstd's would be paid twice; the content size
  // tells a decoder what to allocate.
  TALLY_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, kLevel)));
  TALLY_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 0)));
  TALLY_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_contentSizeFlag, 1)));
}

FrameEncoder::~FrameEncoder() = default;
FrameEncoder::FrameEncoder(FrameEncoder&&) noexcept = default;
FrameEncoder& FrameEncoder::operator=(FrameEncoder&&) noexcept = default;

DataFrame FrameEncoder::encode(std::string_view lines, std::uint32_t count) {
  TALLY_CHECK(count > 0 && lines.size() <= kFrameLinesMax);
  TALLY_CHECK(count <= lines.size() && lines.back() == '\n');
  std::string& scratch = contexts_->scratch;
  if (const std::size_t bound = ZSTD_compressBound(lines.size()); scratch.size() < bound) {
    scratch.resize(bound);
  }
  const std::size_t bytes = ZSTD_compress2(contexts_->zstd.get(), scratch.data(), scratch.size(),
                                           lines.data(), lines.size());
  TALLY_CHECK(!ZSTD_isError(bytes));
  return {.count = count,
          .lines_bytes = static_cast<std::uint32_t>(lines.size()),
          .lines_sha256 = sha256_of(lines),
          .stored = std::string(scratch.data(), bytes)};
}

}  // namespace tally::store
