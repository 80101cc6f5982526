#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tally::query {

enum class Colour : std::uint8_t { plain, dim, bold, red, green, cyan };

/// The terminal's escape sequence that begins `colour` (ECMA-48 SGR).
constexpr std::string_view begin_colour(Colour colour) noexcept {
  switch (colour) {
    case Colour::plain:
      return "";
    case Colour::dim:
      return "\x1b[2m";
    case Colour::bold:
      return "\x1b[1m";
    case Colour::red:
      return "\x1b[1;31m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::cyan:
      return "\x1b[36m";
  }
  return "";
}

inline constexpr std::string_view kEndColour = "\x1b[0m";

}  // namespace tally::query
