#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <random>
#include <string>
#include <string_view>

#include "tests/support/fault_file_system.h"
#include "tests/support/promised_events.h"

namespace tally::tests {

/// In which way an operation fails.
struct Way {
  std::string_view name;
  FaultKind kind;
  bool lasting;
};

inline constexpr std::array kWays{
    Way{"crash", FaultKind::crash, false}, Way{"half of a write", FaultKind::half_write, false},
    Way{"EIO once", FaultKind::io, false}, Way{"EIO from here on", FaultKind::io, true},
    Way{"disk full from here on", FaultKind::no_space, true}};

void PrintTo(const Way& way, std::ostream* out);

/// The way's name as a part of a test's name.
std::string test_name(const Way& way);

/// What faults hit, and what must hold of what is left of it.
struct CrashedLife {
  std::function<void(FaultFileSystem& files, Promises& promises)> live;
  std::function<void(FaultFileSystem& files, const Promises& promises, std::mt19937_64& random)>
      reopen_and_compare;
};

/// Has operation number `at` of a life fail, and looks at what is found after each of `crashes`
/// power cuts, and after a kill. A fatal failure of GoogleTest where a promise is broken.
void fail_and_compare(const CrashedLife& life, const Way& way, std::uint64_t at,
                      std::uint64_t crashes, std::uint64_t seed);

}  // namespace tally::tests
