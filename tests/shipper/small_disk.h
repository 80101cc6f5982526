#pragma once

#include <cstdint>
#include <filesystem>

#include "bench/child_process.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {

/// A disk of some megabytes, in memory: mounted where only one process sees it, through whose eyes
/// (/proc/PID/root) it is used. Needs user namespaces. One thread.
class SmallDisk {
 public:
  explicit SmallDisk(std::uint64_t megabytes);

  /// A directory on it, empty at first.
  std::filesystem::path directory() const;

  /// Leaves no byte on it.
  void fill();
  /// Gives back what fill() took.
  void free();

 private:
  std::filesystem::path root() const;

  TemporaryDirectory mount_;
  bench::ChildProcess holder_;
};

}  // namespace tally::tests
