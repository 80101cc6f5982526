#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/result.h"

namespace tally::app {

/// Reads a whole number from `least` to `most`. Errc::invalid says what is expected.
Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most);

/// Reads a number of bytes: `67108864`, `64MiB`, `1 GiB`, `500kB` (KiB, MiB, GiB by 1024; kB, MB,
/// GB by 1000), from `least` to `most`. Errc::invalid says what is expected.
Result<std::uint64_t> parse_size(std::string_view text, std::uint64_t least, std::uint64_t most);

/// "64MiB" where it divides evenly, else the number; parse_size() reads it back.
std::string format_size(std::uint64_t bytes);

/// "24h", "90s", "1500ms": the largest unit that divides evenly.
std::string format_duration(std::chrono::nanoseconds duration);

}  // namespace tally::app
