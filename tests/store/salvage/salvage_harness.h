#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/batch.h"
#include "store/salvage/salvage_findings.h"

namespace tally::tests {

/// Everything that a salvage gave.
struct SalvagedContents {
  std::map<std::uint64_t, std::string> lines;  ///< proven ones, by sequence
  std::map<std::uint64_t, Run> runs;           ///< of those whose provenance came with them
  std::vector<std::string> unverified;
  std::vector<store::RefusedEvent> refused;
  std::uint64_t repeated = 0;  ///< proven ones whose sequence had come before
};

/// Collects into `contents`, which must outlive it.
store::SalvageOutlet collect(SalvagedContents& contents);

/// What is wrong with what was given: lines that are not the original ones at their sequence (the
/// first original has `first`), and originals in [from, to) that are missing. Empty: nothing.
std::string compare(const SalvagedContents& contents, const std::vector<std::string>& originals,
                    std::uint64_t first);
std::string missing(const SalvagedContents& contents, std::uint64_t from, std::uint64_t to);

/// The bytes with one bit flipped; with a stretch overwritten by zeros; with a stretch cut out.
std::string flipped(std::string bytes, std::size_t at);
std::string zeroed(std::string bytes, std::size_t at, std::size_t count);
std::string without(std::string bytes, std::size_t at, std::size_t count);

}  // namespace tally::tests
