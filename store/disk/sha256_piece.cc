#include "store/disk/sha256_piece.h"

#include <openssl/sha.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

// PERF: a block of a hash takes 48 ns; OpenSSL's last step, which copies, pads and wipes, 15 ns.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tally::store {
namespace {

constexpr std::size_t kBlock = SHA256_CBLOCK;
constexpr std::size_t kLengthBytes = sizeof(std::uint64_t);
/// At most, between the content and the end of its last block: a bit, zeros, the length.
constexpr std::size_t kPaddingMax = kBlock + kLengthBytes;

static_assert(std::endian::native == std::endian::little);

/// Length of content and padding.
constexpr std::size_t padded(std::size_t size) noexcept {
  return (size + 1 + kLengthBytes + kBlock - 1) / kBlock * kBlock;
}

}  // namespace

void Sha256Piece::append(std::string_view bytes) {
  const std::size_t needed = size_ + bytes.size() + kPaddingMax;
  if (bytes_.size() < needed) bytes_.resize(std::max(needed, 2 * bytes_.size()));
  std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += bytes.size();
}

Sha256 Sha256Piece::hash() {
  append({});
  const std::size_t end = padded(size_);
  char* const padding = bytes_.data() + size_;
  std::memset(padding, 0, end - size_);
  padding[0] = static_cast<char>(0x80);
  const std::uint64_t bits = __builtin_bswap64(std::uint64_t{size_} * 8);
  std::memcpy(bytes_.data() + end - kLengthBytes, &bits, kLengthBytes);
  SHA256_CTX running;
  SHA256_Init(&running);
  SHA256_Update(&running, bytes_.data(), end);
  Sha256 hash;
  for (std::size_t i = 0; i < std::size(running.h); ++i) {
    const std::uint32_t word = __builtin_bswap32(running.h[i]);
    std::memcpy(hash.data() + i * sizeof word, &word, sizeof word);
  }
  return hash;
}

}  // namespace tally::store
