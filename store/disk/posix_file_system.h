#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/disk/file_system.h"

namespace tally::store {

/// The operating system's files. Has no state: safe from any thread.
class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> open(const Path& path, OpenMode mode) override;
  Result<void> rename(const Path& from, const Path& to) override;
  Result<void> remove(const Path& path) override;
  Result<void> create_directories(const Path& path) override;
  Result<void> sync_directory(const Path& directory) override;
  Result<std::vector<std::string>> list(const Path& directory) override;
  Result<bool> exists(const Path& path) override;
  Result<DiskSpace> space(const Path& directory) override;
};

}  // namespace tally::store
