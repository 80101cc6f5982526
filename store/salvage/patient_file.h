#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "store/disk/file_system.h"

namespace tally::store {

/// A file on a failing disk: what cannot be read of it reads as zeros, which no checksum takes for
/// what was written, and is told by unreadable(). For reading only; not thread-safe.
class PatientFile final : public File {
 public:
  explicit PatientFile(std::unique_ptr<File> file) : file_(std::move(file)) {}

  struct Stretch {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
  };

  /// What could not be read so far, in ascending order.
  std::vector<Stretch> unreadable() const;

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override;
  Result<std::uint64_t> size() override { return file_->size(); }
  void drop_cache() override { file_->drop_cache(); }

  // What changes a file, or keeps others from it, is refused: Errc::unsupported.
  Result<void> write_at(std::uint64_t offset, std::span<const std::string_view> parts) override;
  Result<void> sync_data() override;
  Result<void> truncate(std::uint64_t bytes) override;
  Result<bool> try_lock() override;
  Result<bool> locked_by_other() override;
  Result<bool> try_lock_range(const LockRange& range, LockKind kind) override;
  Result<void> unlock_range(const LockRange& range) override;

 private:
  Result<std::size_t> read_in_pieces(std::uint64_t offset, std::span<char> into,
                                     std::uint64_t file_bytes);
  void note(std::uint64_t offset, std::uint64_t bytes);

  std::unique_ptr<File> file_;
  std::map<std::uint64_t, std::uint64_t> unreadable_;  ///< pieces: offset, bytes
};

}  // namespace tally::store
