#include "ingest/timestamp_check.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "model/time.h"

namespace tally::ingest {
namespace {

using Bytes = std::array<char, 8>;

std::uint64_t word(const Bytes& bytes) noexcept { return std::bit_cast<std::uint64_t>(bytes); }

/// Whether the eight bytes at `text` are a time of day such as 21:55:09. All bytes at once: what is
/// left of each after '0' or ':' is taken off may be at most the bound in its place; the sum's high
/// bit tells, since neither addend has one.
bool is_time_of_day(const char* text) noexcept {
  constexpr Bytes kZero = {'0', '0', ':', '0', '0', ':', '0', '0'};
  constexpr Bytes kAboveBound = {127 - 2, 127 - 9, 127, 127 - 5, 127 - 9, 127, 127 - 5, 127 - 9};
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::uint64_t value = 0;
  std::memcpy(&value, text, sizeof(value));
  value ^= word(kZero);
  const bool in_bounds = (((value + word(kAboveBound)) | value) & kHighBits) == 0;
  return in_bounds && (text[0] != '2' || text[1] <= '3');
}

/// What follows the fraction in `text`, or all of it if there is none; empty if it is not one.
std::string_view skip_fraction(std::string_view text) noexcept {
  constexpr std::size_t kDigitsMax = 9;
  if (text[0] != '.') return text;
  std::size_t end = 1;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end == 1 || end > kDigitsMax + 1 ? std::string_view{} : text.substr(end);
}

}  // namespace

bool TimestampCheck::accepts(std::string_view text) noexcept {
  constexpr std::size_t kTimeEnd = kDayLength + 8;
  if (text.size() <= kTimeEnd) return false;
  if (std::memcmp(text.data(), day_.data(), kDayLength) == 0 &&
      is_time_of_day(text.data() + kDayLength)) {
    const std::string_view zone = skip_fraction(text.substr(kTimeEnd));
    if (zone == "+00:00" || zone == "Z") return true;
  }
  if (!parse_rfc3339(text)) return false;
  std::copy_n(text.begin(), kDayLength, day_.begin());
  return true;
}

}  // namespace tally::ingest
