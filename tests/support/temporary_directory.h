#pragma once

#include <filesystem>

namespace tally::tests {

/// A new directory for one test, removed with all that is in it when the object goes.
class TemporaryDirectory {
 public:
  /// Below TMPDIR, or /tmp. Ends the program if it cannot be had.
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace tally::tests
