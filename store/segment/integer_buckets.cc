#include "store/segment/integer_buckets.h"

#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "store/segment/bit_packing.h"

namespace tally::store {
namespace {

std::int64_t number_of(const Bucket& bucket, BitReader& remainders) noexcept {
  return static_cast<std::int64_t>(bucket.base | remainders.take(bucket.bits));
}

const Bucket& bucket_of(char symbol) noexcept {
  return kBuckets[static_cast<unsigned char>(symbol)];
}

constexpr std::uint64_t repeated(std::uint64_t byte) noexcept { return 0x0101010101010101U * byte; }

/// How many bits the remainders of eight symbols take: of one from kExactSymbols on, a quarter of
/// it less kLess.
std::size_t bits_of_eight(std::uint64_t symbols) noexcept {
  constexpr std::uint64_t kLess = kExactSymbols / 4 - (kExactBits + 1 - kSymbolBits);
  static_assert(kBuckets[64].bits == 64 / 4 - kLess && kBuckets[255].bits == 255 / 4 - kLess);
  const std::uint64_t bucketed = ((symbols | (symbols << 1)) >> 7) & repeated(1);
  const std::uint64_t mask = bucketed * 0xff;
  const std::uint64_t bits = ((symbols >> 2) & repeated(0x3f) & mask) - (repeated(kLess) & mask);
  constexpr std::uint64_t kPairs = 0x00ff00ff00ff00ffU;
  return (((bits & kPairs) + ((bits >> 8) & kPairs)) * 0x0001000100010001U) >> 48;
}

#if defined(__SSE2__)

/// Takes sixteen symbols at a time off the front; how many bits their remainders take.
std::size_t take_sixteens(std::string_view& symbols) noexcept {
  static_assert(kBuckets[63].bits == 0 && kBuckets[64].bits == 1 + 3 &&
                kBuckets[255].bits == 48 + 3);
  const __m128i zero = _mm_setzero_si128();
  __m128i sum = zero;
  for (; symbols.size() >= sizeof sum; symbols.remove_prefix(sizeof sum)) {
    const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(symbols.data()));
    const __m128i quarters = _mm_and_si128(_mm_srli_epi16(some, 2), _mm_set1_epi8(0x3f));
    const __m128i over = _mm_subs_epu8(quarters, _mm_set1_epi8(15));
    const __m128i three = _mm_and_si128(_mm_cmpgt_epi8(over, zero), _mm_set1_epi8(3));
    sum = _mm_add_epi64(sum, _mm_sad_epu8(_mm_add_epi8(over, three), zero));
  }
  return static_cast<std::size_t>(_mm_cvtsi128_si64(sum) +
                                  _mm_cvtsi128_si64(_mm_unpackhi_epi64(sum, sum)));
}

#else

std::size_t take_sixteens(std::string_view& /*symbols*/) noexcept { return 0; }

#endif

/// PERF: many symbols at once, because every list is gone through like this before its first number
/// is read, and all of it again to find one.
std::size_t remainder_bits(std::string_view symbols) noexcept {
  std::size_t bits = take_sixteens(symbols);
  std::uint64_t word = 0;
  for (; symbols.size() >= sizeof word; symbols.remove_prefix(sizeof word)) {
    std::memcpy(&word, symbols.data(), sizeof word);
    bits += bits_of_eight(word);
  }
  word = 0;
  std::memcpy(&word, symbols.data(), symbols.size());
  return bits + bits_of_eight(word);
}

}  // namespace

void put_remainders(std::string& out, std::string_view symbols,
                    std::span<const std::uint64_t> values) {
  BitWriter bits(out, remainders_bytes(symbols));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Bucket& bucket = bucket_of(symbols[i]);
    bits.put(values[i] - bucket.base, bucket.bits);
  }
  bits.finish();
}

std::size_t remainders_bytes(std::string_view symbols) noexcept {
  return (remainder_bits(symbols) + 7) / 8;
}

void decode_buckets(std::string_view symbols, std::string_view remainders,
                    const IndexPrefix& indexes, std::vector<std::int64_t>& out) noexcept {
  BitReader bits(remainders);
  // PERF: no branch depends on the values, and a symbol's base and width come from one cache line;
  // a number takes about a nanosecond.
  for (const std::size_t i : indexes) out[i] = number_of(bucket_of(symbols[i]), bits);
}

/// Of what lies between them only the bits are counted.
void decode_buckets(std::string_view symbols, std::string_view remainders, const IndexList& indexes,
                    std::vector<std::int64_t>& out) noexcept {
  BitReader bits(remainders);
  std::size_t next = 0;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    const std::size_t index = indexes[i];
    bits.skip(remainder_bits(symbols.substr(next, index - next)));
    out[i] = number_of(bucket_of(symbols[index]), bits);
    next = index + 1;
  }
}

/// Of those in the bucket that the number would be in, compares the remainders.
std::vector<std::uint32_t> find_in_buckets(std::string_view symbols, std::string_view remainders,
                                           std::uint64_t number) {
  std::vector<std::uint32_t> found;
  if (std::bit_width(number) > kBucketBitsMax) return found;
  const auto wanted = static_cast<char>(bucket_symbol(number));
  BitReader bits(remainders);
  std::size_t begin = 0;
  for (std::size_t at = 0; (at = symbols.find(wanted, begin)) != symbols.npos; begin = at + 1) {
    bits.skip(remainder_bits(symbols.substr(begin, at - begin)));
    if (number_of(bucket_of(wanted), bits) == static_cast<std::int64_t>(number)) {
      found.push_back(static_cast<std::uint32_t>(at));
    }
  }
  return found;
}

}  // namespace tally::store
