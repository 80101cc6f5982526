#include "store/disk/sha256_batch.h"

#include <openssl/sha.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "store/disk/sha256_lanes.h"

// PERF: a block takes 41 ns; OpenSSL's last step, which copies, pads and wipes, 15 ns.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tally::store {
namespace {

constexpr std::size_t kBlock = SHA256_CBLOCK;
constexpr std::size_t kLengthBytes = sizeof(std::uint64_t);

static_assert(std::endian::native == std::endian::little);

/// Length of a message and its padding: a bit, zeros, the length.
constexpr std::size_t padded(std::size_t size) noexcept {
  return (size + 1 + kLengthBytes + kBlock - 1) / kBlock * kBlock;
}

void put_padding(char* message, std::size_t size, std::size_t padded_size) noexcept {
  std::memset(message + size, 0, padded_size - size);
  message[size] = static_cast<char>(0x80);
  const std::uint64_t bits = __builtin_bswap64(std::uint64_t{size} * 8);
  std::memcpy(message + padded_size - kLengthBytes, &bits, kLengthBytes);
}

}  // namespace

void Sha256Batch::add(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  const std::size_t bytes = padded(size);
  if (bytes_.size() < end_ + bytes) bytes_.resize(std::max(end_ + bytes, 2 * bytes_.size()));
  char* const message = bytes_.data() + end_;
  char* out = message;
  for (const std::string_view part : parts) out = std::copy(part.begin(), part.end(), out);
  put_padding(message, size, bytes);
  messages_.push_back({end_, bytes / kBlock});
  end_ += bytes;
}

std::span<const Sha256> Sha256Batch::hash() {
  static const bool lanes = has_sha256_lanes();
  hashes_.resize(messages_.size());
  // Mostly empty lanes are slower than none.
  if (lanes && messages_.size() >= kSha256Lanes / 2) {
    sha256_in_lanes(bytes_.data(), messages_, hashes_);
  } else {
    sha256_singly(bytes_.data(), messages_, hashes_);
  }
  clear();
  return hashes_;
}

void Sha256Batch::clear() noexcept {
  messages_.clear();
  end_ = 0;
}

void sha256_singly(const char* bytes, std::span<const PaddedMessage> messages,
                   std::span<Sha256> hashes) noexcept {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    SHA256_CTX running;
    SHA256_Init(&running);
    SHA256_Update(&running, bytes + messages[i].offset, messages[i].blocks * kBlock);
    for (std::size_t word = 0; word < std::size(running.h); ++word) {
      const std::uint32_t big_endian = __builtin_bswap32(running.h[word]);
      std::memcpy(hashes[i].data() + word * sizeof big_endian, &big_endian, sizeof big_endian);
    }
  }
}

}  // namespace tally::store
