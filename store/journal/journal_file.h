#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/journal/file_header.h"
#include "store/paths.h"

namespace tally::store {

/// The journal file that is being written: knows where its next commit goes, and what stands behind
/// it. One thread. Once an append has failed, the object must not be used again.
class JournalFile {
 public:
  /// Makes journal file `header.number`, durable with its name when this returns. With `spare` the
  /// zeros that were written ahead become the file; without, it grows with each commit.
  static Result<JournalFile> create(FileSystem& files, const StorePaths& paths,
                                    const FileHeader& header, bool spare);

  /// Goes on with a file that holds a header and nothing else.
  static Result<JournalFile> reopen(FileSystem& files, const StorePaths& paths,
                                    const FileHeader& header, std::uint64_t header_end);

  /// Writes one commit in a single write: `parts` one after the other, then the header that spans
  /// the zeros behind them.
  Result<void> append(std::span<const std::string_view> parts);

  /// Makes what was appended durable. Final: after a failure the file is never written or synced
  /// again.
  Result<void> sync();

  /// Whether a commit of so many bytes stays within `file_bytes_max`; an empty file takes any.
  bool fits(std::uint64_t bytes, std::uint64_t file_bytes_max) const noexcept;

  /// Cuts off what stands behind the last commit; nothing may be appended afterwards.
  Result<void> finish();

  std::uint64_t number() const noexcept { return number_; }
  std::uint64_t salt() const noexcept { return salt_; }
  std::uint64_t end() const noexcept { return end_; }
  bool empty() const noexcept { return end_ == header_end_; }

 private:
  JournalFile(std::unique_ptr<File> file, const FileHeader& header, std::uint64_t header_end,
              std::uint64_t size);

  std::unique_ptr<File> file_;
  std::uint64_t number_;
  std::uint64_t salt_;
  std::uint64_t header_end_;
  std::uint64_t end_;   ///< first byte behind the last commit
  std::uint64_t size_;  ///< of the file; from end_ to here are zeros under a rest header
};

}  // namespace tally::store
