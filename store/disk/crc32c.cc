#include "store/disk/crc32c.h"

#include <boost/crc.hpp>

#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace tally::store {
namespace {

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_sse42(std::string_view bytes,
                                                             std::uint32_t seed) noexcept {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t crc = ~seed;
  for (; left >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    crc = _mm_crc32_u64(crc, word);
    left -= sizeof word;
  }
  auto crc32 = static_cast<std::uint32_t>(crc);
  for (; left > 0; --left) crc32 = _mm_crc32_u8(crc32, static_cast<unsigned char>(*at++));
  return ~crc32;
}
#endif

std::uint32_t reversed_bits(std::uint32_t value) noexcept {
  std::uint32_t reversed = 0;
  for (int bit = 0; bit < 32; ++bit, value >>= 1) reversed = (reversed << 1) | (value & 1);
  return reversed;
}

}  // namespace

std::uint32_t crc32c_portable(std::string_view bytes, std::uint32_t seed) noexcept {
  // Boost takes the register to start from unreflected, where the CRC that goes on is reflected.
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc(reversed_bits(~seed));
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed) noexcept {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) return crc32c_sse42(bytes, seed);
#endif
  return crc32c_portable(bytes, seed);
}

}  // namespace tally::store
