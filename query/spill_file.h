#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.h"
#include "query/sort_key.h"
#include "store/disk/file_system.h"

namespace tally::query {

/// A sorted run of records in a spill file: bytes [begin, end).
struct SpilledRun {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// A temporary file of sorted runs. It has no name, so that nothing is left of it when the process
/// ends, however it ends. One thread.
class SpillFile {
 public:
  static Result<SpillFile> create(store::FileSystem& files, const store::Path& directory);

  /// Adds a record to the current run.
  Result<void> append(SortKey key, std::string_view record);

  /// Ends the current run; the next append begins another.
  Result<SpilledRun> end_run();

  store::File& file() const noexcept { return *file_; }

 private:
  explicit SpillFile(std::unique_ptr<store::File> file);
  Result<void> flush();

  std::unique_ptr<store::File> file_;
  std::string buffer_;
  std::uint64_t run_begin_ = 0;
  std::uint64_t written_ = 0;
};

/// Reads one run from its first record to its last. `file` must outlive it. One thread.
class RunReader {
 public:
  RunReader(store::File& file, SpilledRun run, std::size_t buffer_bytes);

  /// Goes to the next record; false at the end of the run.
  Result<bool> advance();

  SortKey key() const noexcept { return key_; }

  /// Valid until the next advance(); store::kChunkPadding bytes behind it are readable.
  std::string_view record() const noexcept { return record_; }

 private:
  Result<void> fill(std::size_t needed);

  store::File* file_;
  SpilledRun rest_;  // what is not in the buffer yet
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;  // without padding
  std::size_t begin_ = 0;     // of what is unread in the buffer
  std::size_t end_ = 0;
  SortKey key_;
  std::string_view record_;
};

}  // namespace tally::query
