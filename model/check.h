#pragma once

namespace tally {

/// Prints the broken condition with its place and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace tally

/// States what the program takes for certain; on in every build. A check that user input can break
/// is a defect: that is what Result is for.
#define TALLY_CHECK(condition)                         \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::tally::check_failed(#condition, __FILE__, __LINE__))
