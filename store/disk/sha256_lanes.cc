#include "store/disk/sha256_lanes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "model/check.h"

#if defined(__x86_64__)

#include <immintrin.h>

#if !defined(__clang__)
// GCC 12 takes the operands that its own intrinsics leave undefined for mistakes (its bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

// Each lane of a vector is a word of another message: what FIPS 180-4, section 6.2.2, does with
// words is done with vectors. 24 ns for each block, where SHA-NI takes 41.

namespace tally::store {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kStateWords = 8;

/// FIPS 180-4, sections 4.2.2 and 5.3.3.
constexpr std::array<std::uint32_t, 64> kRoundConstants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
constexpr std::array<std::uint32_t, kStateWords> kInitialState = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/// Of all lanes, by word.
using LaneStates = std::array<std::array<std::uint32_t, kSha256Lanes>, kStateWords>;
/// Where each lane's next block is.
using LaneBlocks = std::array<const char*, kSha256Lanes>;

constexpr int kXor3 = 0x96;      ///< truth tables of three operands: a ^ b ^ c,
constexpr int kChoice = 0xca;    ///< a ? b : c,
constexpr int kMajority = 0xe8;  ///< what two of them are

/// The functions called Σ there.
template <int A, int B, int C>
[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline __m512i rotations(__m512i x) {
  return _mm512_ternarylogic_epi32(_mm512_ror_epi32(x, A), _mm512_ror_epi32(x, B),
                                   _mm512_ror_epi32(x, C), kXor3);
}

/// Those called σ.
template <int A, int B, int Shift>
[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline __m512i rotations_and_shift(
    __m512i x) {
  return _mm512_ternarylogic_epi32(_mm512_ror_epi32(x, A), _mm512_ror_epi32(x, B),
                                   _mm512_srli_epi32(x, Shift), kXor3);
}

/// The lanes' next blocks, of a lane a row, as words, of a word a row: a matrix transposed, first
/// within each 128 bits, then these.
[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline void load_words(
    const LaneBlocks& blocks, __m512i* words) {
  const __m512i big_endian =
      _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f'08090a0b, 0x04050607'00010203));
  __m512i rows[16];
  __m512i pairs[16];
  for (std::size_t lane = 0; lane < kSha256Lanes; ++lane) {
    rows[lane] = _mm512_shuffle_epi8(_mm512_loadu_si512(blocks[lane]), big_endian);
  }
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    pairs[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    rows[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
    rows[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
    rows[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
    rows[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const __m512i low = _mm512_shuffle_i32x4(rows[i], rows[4 + i], 0x44);
    const __m512i high = _mm512_shuffle_i32x4(rows[i], rows[4 + i], 0xee);
    const __m512i low_behind = _mm512_shuffle_i32x4(rows[8 + i], rows[12 + i], 0x44);
    const __m512i high_behind = _mm512_shuffle_i32x4(rows[8 + i], rows[12 + i], 0xee);
    words[i] = _mm512_shuffle_i32x4(low, low_behind, 0x88);
    words[4 + i] = _mm512_shuffle_i32x4(low, low_behind, 0xdd);
    words[8 + i] = _mm512_shuffle_i32x4(high, high_behind, 0x88);
    words[12 + i] = _mm512_shuffle_i32x4(high, high_behind, 0xdd);
  }
}

/// One block of each lane into the state. The working variables a to h of round t are those at
/// (0 - t) to (7 - t), modulo 8: a round changes two of them and renames the rest.
[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline void take_block(
    const LaneBlocks& blocks, __m512i* state) {
  __m512i w[16];
  __m512i v[kStateWords];
  load_words(blocks, w);
  for (std::size_t i = 0; i < kStateWords; ++i) v[i] = state[i];
#pragma GCC unroll 64
  for (int t = 0; t < 64; ++t) {
    __m512i& word = w[t % 16];
    if (t >= 16) {
      const __m512i before = _mm512_add_epi32(word, rotations_and_shift<7, 18, 3>(w[(t + 1) % 16]));
      word = _mm512_add_epi32(
          before,
          _mm512_add_epi32(w[(t + 9) % 16], rotations_and_shift<17, 19, 10>(w[(t + 14) % 16])));
    }
    const __m512i a = v[(64 - t) % 8];
    const __m512i e = v[(68 - t) % 8];
    const __m512i choice = _mm512_ternarylogic_epi32(e, v[(69 - t) % 8], v[(70 - t) % 8], kChoice);
    const __m512i majority =
        _mm512_ternarylogic_epi32(a, v[(65 - t) % 8], v[(66 - t) % 8], kMajority);
    const __m512i constant =
        _mm512_set1_epi32(static_cast<int>(kRoundConstants[static_cast<std::size_t>(t)]));
    __m512i& d = v[(67 - t) % 8];
    __m512i& h = v[(71 - t) % 8];
    const __m512i sum =
        _mm512_add_epi32(_mm512_add_epi32(_mm512_add_epi32(h, rotations<6, 11, 25>(e)), choice),
                         _mm512_add_epi32(word, constant));
    d = _mm512_add_epi32(d, sum);
    h = _mm512_add_epi32(sum, _mm512_add_epi32(rotations<2, 13, 22>(a), majority));
  }
  for (std::size_t i = 0; i < kStateWords; ++i) state[i] = _mm512_add_epi32(state[i], v[i]);
}

/// As many blocks of each lane, which move on.
[[gnu::target("avx512f,avx512bw")]] void take_blocks(std::size_t count, LaneBlocks& blocks,
                                                     LaneStates& states) noexcept {
  __m512i state[kStateWords];
  for (std::size_t i = 0; i < kStateWords; ++i) state[i] = _mm512_loadu_si512(states[i].data());
  for (; count > 0; --count) {
    take_block(blocks, state);
    for (const char*& block : blocks) block += kBlock;
  }
  for (std::size_t i = 0; i < kStateWords; ++i) _mm512_storeu_si512(states[i].data(), state[i]);
}

/// Gives the lanes their messages, a new one as soon as one has ended.
class LaneSchedule {
 public:
  LaneSchedule(const char* bytes, std::span<const PaddedMessage> messages, std::span<Sha256> hashes)
      : bytes_(bytes), messages_(messages), hashes_(hashes) {
    for (std::size_t lane = 0; lane < kSha256Lanes; ++lane) start(lane);
  }

  void run() noexcept {
    while (active_ > 0) {
      const std::size_t count = *std::min_element(left_.begin(), left_.end());
      const auto busy = static_cast<std::size_t>(
          std::find_if(left_.begin(), left_.end(), [](auto n) { return n != kIdle; }) -
          left_.begin());
      for (std::size_t lane = 0; lane < kSha256Lanes; ++lane) {
        if (left_[lane] == kIdle) blocks_[lane] = blocks_[busy];  // To read what is there.
      }
      take_blocks(count, blocks_, states_);
      for (std::size_t lane = 0; lane < kSha256Lanes; ++lane) advance(lane, count);
    }
  }

 private:
  static constexpr std::size_t kIdle = ~std::size_t{0};

  void start(std::size_t lane) noexcept {
    left_[lane] = kIdle;
    if (next_ == messages_.size()) return;
    blocks_[lane] = bytes_ + messages_[next_].offset;
    left_[lane] = messages_[next_].blocks;
    message_[lane] = next_++;
    for (std::size_t i = 0; i < kStateWords; ++i) states_[i][lane] = kInitialState[i];
    ++active_;
  }

  void advance(std::size_t lane, std::size_t count) noexcept {
    if (left_[lane] == kIdle) return;
    left_[lane] -= count;
    if (left_[lane] > 0) return;
    std::byte* const hash = hashes_[message_[lane]].data();
    for (std::size_t i = 0; i < kStateWords; ++i) {
      const std::uint32_t word = __builtin_bswap32(states_[i][lane]);
      std::memcpy(hash + i * sizeof word, &word, sizeof word);
    }
    --active_;
    start(lane);
  }

  const char* const bytes_;
  const std::span<const PaddedMessage> messages_;
  const std::span<Sha256> hashes_;
  std::size_t next_ = 0;    ///< message
  std::size_t active_ = 0;  ///< lanes
  LaneStates states_{};
  LaneBlocks blocks_{};
  std::array<std::size_t, kSha256Lanes> left_{};     ///< blocks; kIdle: there is no message
  std::array<std::size_t, kSha256Lanes> message_{};  ///< that it hashes
};

}  // namespace

bool has_sha256_lanes() noexcept {
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
}

void sha256_in_lanes(const char* bytes, std::span<const PaddedMessage> messages,
                     std::span<Sha256> hashes) noexcept {
  LaneSchedule(bytes, messages, hashes).run();
}

}  // namespace tally::store

#else

namespace tally::store {

bool has_sha256_lanes() noexcept { return false; }

void sha256_in_lanes(const char*, std::span<const PaddedMessage>, std::span<Sha256>) noexcept {
  TALLY_CHECK(has_sha256_lanes());
}

}  // namespace tally::store

#endif
