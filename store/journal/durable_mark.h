#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "model/result.h"
#include "model/sequence.h"
#include "store/disk/file_system.h"
#include "store/paths.h"

namespace tally::store {

/// How far the journal is synced: all of its files before `file`, and that one up to `offset`.
struct DurableMark {
  std::uint64_t file = 0;
  std::uint64_t offset = 0;  ///< in bytes
  Sequence next{};           ///< one past the last durable event

  friend bool operator==(const DurableMark&, const DurableMark&) = default;
};

/// Publishes the mark in the file `durable` for readers in every process. Not thread-safe.
class DurableMarkWriter {
 public:
  /// Creates the file if it is missing and leaves what it says. `files` must outlive the writer.
  static Result<DurableMarkWriter> open(FileSystem& files, const StorePaths& paths);

  /// Overwrites the mark in place with one write; to be called after the sync that it tells of. It
  /// is not synced itself: a crash can only bring an older mark back, and that understates.
  Result<void> write(const DurableMark& mark);

 private:
  explicit DurableMarkWriter(std::unique_ptr<File> file);

  std::unique_ptr<File> file_;
};

/// The mark as it stands, or nothing if the file is missing, empty or (after a few looks, since a
/// write may be under way) damaged. Errc::unsupported if a newer version wrote it.
Result<std::optional<DurableMark>> read_durable_mark(FileSystem& files, const StorePaths& paths);

/// The same from a file that the caller keeps open.
Result<std::optional<DurableMark>> read_durable_mark(File& file);

}  // namespace tally::store
