#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tally::bench {

/// What a collector's answer to a post says.
struct ParsedAnswer {
  std::uint64_t accepted = 0;
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
};

/// Nothing if the three numbers are not there, or do not fit each other.
std::optional<ParsedAnswer> parse_answer(std::string_view body);

}  // namespace tally::bench
