#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tally::bench {

/// What shipping a store took, from when its sink was ready until the last event had arrived.
struct ShippingTime {
  std::uint64_t events = 0;
  double seconds = 0;      ///< by the wall's clock
  double cpu_seconds = 0;  ///< of this process, all its threads
};

/// Ships all that the store has, in this process, to a sink that has never got any of it; ends the
/// program if the sink stops. `url`: as --to has it.
ShippingTime ship_timed(const std::filesystem::path& directory, const std::string& url);

/// The rate in events a second.
double rate(const ShippingTime& time);

}  // namespace tally::bench
