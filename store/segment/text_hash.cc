#include "store/segment/text_hash.h"

#include <bit>
#include <cstring>

#include "store/segment/text_scan.h"

namespace tally::store {
namespace {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15U;

std::uint64_t step(std::uint64_t hash, std::uint64_t word) noexcept {
  return std::rotl((hash ^ word) * kMultiplier, 29);
}

template <typename Word>
Word load(const char* at) noexcept {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The `length` < 8 bytes at the end of a text, the first one lowest, of which `whole` are in all.
/// PERF: without a call of memcpy, which takes as long as the hash of a short text.
std::uint64_t rest_of(const char* end, std::size_t length, std::size_t whole) noexcept {
  if (length == 0) return 0;
  if (whole >= sizeof(std::uint64_t)) {
    return load<std::uint64_t>(end - 8) >> (64 - 8 * length);
  }
  if (length >= sizeof(std::uint32_t)) {
    return load<std::uint32_t>(end - length) | std::uint64_t{load<std::uint32_t>(end - 4)}
                                                   << (8 * length - 32);
  }
  std::uint64_t rest = 0;
  for (std::size_t i = 1; i <= length; ++i) {
    rest = rest << 8 | static_cast<unsigned char>(*(end - i));
  }
  return rest;
}

}  // namespace

std::uint64_t text_hash(std::string_view text) noexcept {
  std::uint64_t hash = text.size() * kMultiplier;
  const char* const end = text.data() + text.size();
  const char* at = text.data();
  for (; end - at >= 8; at += 8) hash = step(hash, load<std::uint64_t>(at));
  return mixed(step(hash, rest_of(end, static_cast<std::size_t>(end - at), text.size())));
}

std::uint64_t needle_hash(std::string_view written) {
  if (written.find('\\') == std::string_view::npos) return text_hash(written);
  const auto text = unescaped(written);
  return text_hash(text ? *text : written);
}

}  // namespace tally::store
