#pragma once

#include <filesystem>

namespace tally::bench {

/// A new directory below TMPDIR (or /tmp) that goes with all it holds when this object does.
/// Figures that wait for the disk mean something only where that is a disk.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace tally::bench
