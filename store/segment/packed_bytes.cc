#include "store/segment/packed_bytes.h"

#include <zstd.h>

#include <algorithm>
#include <limits>

#include "model/check.h"

namespace tally::store {
namespace {

/// How the bytes are stored. Do not renumber: on disk.
enum class Packing : std::uint8_t { plain = 0, constant = 1, zstd = 2 };

/// Higher levels win less than a hundredth on texts of events, and cost several times as much.
constexpr int kTextLevel = 3;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

using Compressor = std::unique_ptr<ZSTD_CCtx, FreeContext>;

void set(ZSTD_CCtx* zstd, ZSTD_cParameter parameter, int value) {
  TALLY_CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(zstd, parameter, value)));
}

/// A compressor without a checksum, which the block's own hashes make superfluous.
Compressor make_compressor(int level) {
  Compressor zstd(ZSTD_createCCtx());
  TALLY_CHECK(zstd != nullptr);
  set(zstd.get(), ZSTD_c_compressionLevel, level);
  set(zstd.get(), ZSTD_c_checksumFlag, 0);
  return zstd;
}

/// One that hardly looks for matches: in symbols that are independent of one another the few that
/// there are by chance cost more than they save. The fast strategy steps over as many positions as
/// the target length says; it then also leaves Huffman coding out unless told otherwise
/// (ZSTD_c_literalCompressionMode = ZSTD_ps_enable, which the stable header has by this name only).
Compressor make_entropy_coder() {
  Compressor zstd = make_compressor(1);
  set(zstd.get(), ZSTD_c_strategy, ZSTD_fast);
  set(zstd.get(), ZSTD_c_hashLog, ZSTD_cParam_getBounds(ZSTD_c_hashLog).lowerBound);
  set(zstd.get(), ZSTD_c_minMatch, ZSTD_cParam_getBounds(ZSTD_c_minMatch).upperBound);
  set(zstd.get(), ZSTD_c_targetLength, ZSTD_cParam_getBounds(ZSTD_c_targetLength).upperBound);
  set(zstd.get(), ZSTD_c_experimentalParam5, 1);
  return zstd;
}

}  // namespace

struct BytesPacker::Contexts {
  Compressor text = make_compressor(kTextLevel);
  Compressor symbols = make_entropy_coder();
  std::string scratch;  ///< grows to the bound of the largest input seen

  std::string_view compress(ZSTD_CCtx* zstd, std::string_view bytes);
};

std::string_view BytesPacker::Contexts::compress(ZSTD_CCtx* zstd, std::string_view bytes) {
  const std::size_t bound = ZSTD_compressBound(bytes.size());
  if (scratch.size() < bound) scratch.resize(bound);
  const std::size_t size =
      ZSTD_compress2(zstd, scratch.data(), scratch.size(), bytes.data(), bytes.size());
  TALLY_CHECK(!ZSTD_isError(size));
  return std::string_view(scratch).substr(0, size);
}

BytesPacker::BytesPacker() : contexts_(std::make_unique<Contexts>()) {}
BytesPacker::~BytesPacker() = default;
BytesPacker::BytesPacker(BytesPacker&&) noexcept = default;
BytesPacker& BytesPacker::operator=(BytesPacker&&) noexcept = default;

void BytesPacker::pack(std::string& out, std::string_view bytes, BytesKind kind) {
  if (bytes.empty()) return;
  if (bytes.find_first_not_of(bytes.front()) == std::string_view::npos) {
    out.push_back(static_cast<char>(Packing::constant));
    out.push_back(bytes.front());
    return;
  }
  Contexts& contexts = *contexts_;
  ZSTD_CCtx* const zstd = (kind == BytesKind::text ? contexts.text : contexts.symbols).get();
  const std::string_view frame = contexts.compress(zstd, bytes);
  if (frame.size() + frame.size() / 32 >= bytes.size()) {
    out.push_back(static_cast<char>(Packing::plain));
    out += bytes;
    return;
  }
  out.push_back(static_cast<char>(Packing::zstd));
  put_text(out, frame);
}

struct BytesUnpacker::Context {
  std::unique_ptr<ZSTD_DCtx, FreeContext> zstd{ZSTD_createDCtx()};
};

BytesUnpacker::BytesUnpacker() : context_(std::make_unique<Context>()) {
  TALLY_CHECK(context_->zstd != nullptr);
}
BytesUnpacker::~BytesUnpacker() = default;
BytesUnpacker::BytesUnpacker(BytesUnpacker&&) noexcept = default;
BytesUnpacker& BytesUnpacker::operator=(BytesUnpacker&&) noexcept = default;

bool BytesUnpacker::unpack_all(ByteReader& in, std::size_t count_max, std::string& out) {
  if (in.byte() != static_cast<std::uint8_t>(Packing::zstd)) return false;
  const std::string_view frame = in.text(std::numeric_limits<std::size_t>::max());
  const unsigned long long count = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (count > count_max) return false;  // Which the values for "unknown" and "no frame" are.
  out.resize(count);
  return ZSTD_decompressDCtx(context_->zstd.get(), out.data(), out.size(), frame.data(),
                             frame.size()) == count;
}

std::string_view BytesUnpacker::view(ByteReader& in, std::size_t count, std::string& scratch) {
  if (count == 0) return {};
  const std::uint8_t packing = in.byte();
  if (packing == static_cast<std::uint8_t>(Packing::plain)) return in.bytes(count);
  if (packing == static_cast<std::uint8_t>(Packing::constant)) {
    scratch.assign(count, static_cast<char>(in.byte()));
  } else if (packing == static_cast<std::uint8_t>(Packing::zstd)) {
    const std::string_view frame = in.text(std::numeric_limits<std::size_t>::max());
    scratch.resize(count);  // PERF: what is there is not cleared first, only to be overwritten.
    const std::size_t size = ZSTD_decompressDCtx(context_->zstd.get(), scratch.data(),
                                                 scratch.size(), frame.data(), frame.size());
    if (ZSTD_isError(size) || size != count) in.fail();
  } else {
    in.fail();
  }
  if (in.failed()) return {};
  return scratch;
}

void BytesUnpacker::unpack(ByteReader& in, std::size_t count, std::string& out) {
  const std::string_view bytes = view(in, count, out);
  if (bytes.empty() || bytes.data() != out.data()) out = bytes;
}

}  // namespace tally::store
