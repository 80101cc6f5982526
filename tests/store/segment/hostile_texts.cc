#include "tests/store/segment/hostile_texts.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "store/segment/text_hash.h"

namespace tally::tests {
namespace {

constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15U;  ///< docs/format/segment.md
constexpr std::uint64_t kDivisor = 0xF1DE83E19937733DU;     ///< its inverse
static_assert(kMultiplier * kDivisor == 1);

std::uint64_t step(std::uint64_t hash, std::uint64_t word) {
  return std::rotl((hash ^ word) * kMultiplier, 29);
}

/// What has to be combined with the word, so that the step gives `hash`.
std::uint64_t step_back(std::uint64_t hash) { return std::rotr(hash, 29) * kDivisor; }

/// What store::mixed() makes `bits` of.
std::uint64_t unmixed(std::uint64_t bits) {
  bits = (bits ^ bits >> 33) * 0x9CB4B2F8129337DBU;
  bits = (bits ^ bits >> 33) * 0x4F74430C22A54005U;
  return bits ^ bits >> 33;
}

bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

}  // namespace

// What a changed highest bit of one word does to the hash, one bit of the next undoes.
std::string text_of_one_hash(unsigned which) {
  std::string text;
  for (unsigned bit = 0; bit < 10; ++bit) {
    std::string pair(16, 'a');
    if ((which >> bit & 1) != 0) {
      pair[7] = static_cast<char>(pair[7] ^ 0x80);
      pair[11] = static_cast<char>(pair[11] ^ 0x10);
    }
    text += pair;
  }
  return text;
}

std::vector<std::uint64_t> hashes_without_filter() {
  constexpr int kSeeds = 32;
  constexpr std::uint64_t kNoPlace = std::uint64_t{1} << 40;  ///< a bit that no place depends on
  std::vector<std::uint64_t> hashes;
  std::uint64_t seed = 0;
  for (int i = 0; i < kSeeds; ++i) {
    const std::uint64_t spread = store::mixed(~seed);
    hashes.push_back(unmixed(spread) - seed);
    hashes.push_back(unmixed(spread ^ kNoPlace) - seed);
    seed = store::mixed(seed + 1);
  }
  return hashes;
}

// Sixteen bytes: the second word follows from the first, and from what the hash has to be. One in
// some thousands is plain text.
std::string text_with_hash(std::uint64_t hash) {
  std::string text(16, ' ');
  const std::uint64_t wanted = step_back(step_back(unmixed(hash)));
  for (std::uint64_t i = 0;; ++i) {
    for (unsigned at = 0; at < 8; ++at) text[at] = static_cast<char>('a' + (i >> 4 * at & 15));
    std::uint64_t first;
    std::memcpy(&first, text.data(), sizeof first);
    const std::uint64_t second = wanted ^ step(16 * kMultiplier, first);
    std::memcpy(&text[8], &second, sizeof second);
    if (std::all_of(text.begin(), text.end(), is_plain)) return text;
  }
}

}  // namespace tally::tests
