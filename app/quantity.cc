#include "app/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace tally::app {

namespace {

using Unit = std::pair<std::string_view, std::uint64_t>;

constexpr std::array<Unit, 8> kSizeUnits = {{{"GiB", 1ULL << 30},
                                             {"MiB", 1ULL << 20},
                                             {"KiB", 1ULL << 10},
                                             {"GB", 1'000'000'000},
                                             {"MB", 1'000'000},
                                             {"kB", 1'000},
                                             {"B", 1},
                                             {"", 1}}};

constexpr std::array<Unit, 5> kDurationUnits = {{{"h", 3'600'000'000'000},
                                                 {"m", 60'000'000'000},
                                                 {"s", 1'000'000'000},
                                                 {"ms", 1'000'000},
                                                 {"ns", 1}}};

Error out_of_range(std::string_view text, const std::string& least, const std::string& most) {
  return {Errc::invalid, "\"" + std::string(text) + "\" is not between " + least + " and " + most};
}

}  // namespace

Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) {
    return Error{Errc::invalid, "\"" + std::string(text) + "\" is not a whole number"};
  }
  if (error != std::errc{} || count < least || count > most) {
    return out_of_range(text, std::to_string(least), std::to_string(most));
  }
  return count;
}

Result<std::uint64_t> parse_size(std::string_view text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t number = 0;
  const char* const text_end = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), text_end, number);
  std::string_view name(end, static_cast<std::size_t>(text_end - end));
  if (name.starts_with(' ')) name.remove_prefix(1);
  const auto* unit = std::ranges::find(kSizeUnits, name, &Unit::first);
  if (error == std::errc::invalid_argument || unit == kSizeUnits.end()) {
    return Error{Errc::invalid,
                 "\"" + std::string(text) + "\" is not a size such as 67108864, 64MiB or 500kB"};
  }
  const bool fits = error == std::errc{} && number <= most / unit->second;
  if (!fits || number * unit->second < least) {
    return out_of_range(text, format_size(least), format_size(most));
  }
  return number * unit->second;
}

std::string format_size(std::uint64_t bytes) {
  for (const auto& [name, factor] : kSizeUnits) {
    if (!name.ends_with("iB") || bytes == 0 || bytes % factor != 0) continue;
    return std::to_string(bytes / factor) + std::string(name);
  }
  return std::to_string(bytes);
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const auto count = static_cast<std::uint64_t>(duration.count());
  const auto* unit = std::ranges::find_if(
      kDurationUnits, [count](const Unit& candidate) { return count % candidate.second == 0; });
  return std::to_string(count / unit->second) + std::string(unit->first);
}

}  // namespace tally::app
