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

}  // namespace

std::uint64_t text_hash(std::string_view text) noexcept {
  std::uint64_t hash = text.size() * kMultiplier;
  while (text.size() >= sizeof hash) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), sizeof word);
    hash = step(hash, word);
    text.remove_prefix(sizeof word);
  }
  std::uint64_t rest = 0;
  if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
  return mixed(step(hash, rest));
}

std::uint64_t needle_hash(std::string_view written) {
  if (written.find('\\') == std::string_view::npos) return text_hash(written);
  const auto text = unescaped(written);
  return text_hash(text ? *text : written);
}

}  // namespace tally::store
