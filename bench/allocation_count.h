#pragma once

#include <cstdint>

namespace tally::bench {

/// Calls of operator new so far, by all threads. Linking this replaces operator new in the program.
std::uint64_t allocation_count() noexcept;

}  // namespace tally::bench
