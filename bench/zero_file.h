#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace tally::bench {

/// A file that is written from its start and synced piece by piece: the bare system calls of a
/// journal. Gone with the object. One thread at a time.
class ZeroFile {
 public:
  /// `zeros` bytes are written and synced ahead; past them, or with none, the file grows.
  ZeroFile(const std::filesystem::path& directory, std::uint64_t zeros);
  ~ZeroFile();
  ZeroFile(const ZeroFile&) = delete;
  ZeroFile& operator=(const ZeroFile&) = delete;

  /// Writes `bytes` after what was written before, and waits for the disk.
  void append_and_sync(std::string_view bytes);

 private:
  std::filesystem::path path_;
  int fd_ = -1;
  std::uint64_t offset_ = 0;
};

}  // namespace tally::bench
