#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "shipper/shipper.h"
#include "tests/shipper/sample_store.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {

/// A restless store that is shipped to files, which are counted as who reads them finds them, and
/// what chance decides.
class FileFault : public testing::Test {
 protected:
  /// Of the sink "file", to out.jsonl in this directory. `parameters` begin with '&'.
  static std::string url(const std::filesystem::path& directory, const std::string& parameters);

  /// Ships from now on.
  void begin(const std::string& url);

  /// So many events as a round of a case has.
  void add();

  void wait_for_arrivals();

  /// What the sink says of its trouble, as soon as this is part of it.
  std::string wait_for_trouble(const std::string& part);

  /// Everything that was written to the directory's files, the oldest first, unpacked where that is
  /// needed.
  static std::string written_to(const std::filesystem::path& directory);

  std::uint64_t below(std::uint64_t end);

  /// ", seed N"
  std::string seed_text() const { return ", seed " + std::to_string(seed); }

  /// Counts the events in `lines`, fails the test for any that is not there exactly as often as it
  /// has to be and in order, and puts down the row.
  enum class Times { once, at_least_once };
  void count(const std::string& receiver, const std::string& fault, const std::string& lines,
             const std::string& said, Times times = Times::once);

  SampleStore store{SampleStore::Life::restless};
  std::unique_ptr<shipper::Shipper> ship;
  std::uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  const TemporaryDirectory place;
};

}  // namespace tally::tests
