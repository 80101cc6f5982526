#pragma once

#include <string_view>

namespace tally::app {

/// The program's version, as CMakeLists.txt states it.
inline constexpr std::string_view kVersion = TALLY_VERSION;

}  // namespace tally::app
