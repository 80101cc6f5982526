#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "query/run_merger.h"
#include "query/sort_key.h"
#include "query/spill_file.h"
#include "store/disk/file_system.h"

namespace tally::query {

inline constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

struct SorterOptions {
  std::uint64_t limit = kNoLimit;  ///< only the first so many of the order are wanted
  std::size_t memory_bytes_max = 64 * 1024 * 1024;
  std::size_t fan_in_max = 32;  ///< runs merged at once, at least two
  store::Path directory;        ///< for what does not fit into memory
};

/// Puts records into the order of their keys, in bounded memory: what is over it goes as sorted
/// runs into temporary files, which are merged. With a limit, what cannot be among the first so
/// many is dropped on the way. First all add(), then finish(), then all next(). `files` must
/// outlive it. One thread.
class RecordSorter {
 public:
  RecordSorter(store::FileSystem& files, SorterOptions options);

  /// Whether a record with this key can still be among the first so many.
  bool has_room_for(SortKey key) const noexcept { return !cutoff_ || key < *cutoff_; }

  /// Copies the record.
  Result<void> add(SortKey key, std::string_view record);

  Result<void> finish();

  /// The next record in order; valid until the next call, store::kChunkPadding bytes behind it are
  /// readable.
  Result<std::optional<std::string_view>> next();

  /// Bytes that went through temporary files.
  std::uint64_t spilled_bytes() const noexcept { return spilled_bytes_; }

 private:
  struct Entry {
    SortKey key;
    std::size_t offset;  // in records_
    std::size_t length;
  };

  std::size_t memory_bytes() const noexcept;
  Result<void> make_room();
  void drop_beyond_limit();
  Result<void> spill();
  Result<void> merge_down();
  std::string_view record_of(const Entry& entry) const noexcept;
  Result<std::optional<std::string_view>> next_record();

  store::FileSystem& files_;
  SorterOptions options_;

  std::vector<Entry> entries_;
  std::string records_;
  std::optional<SortKey> cutoff_;  // the limit-th smallest key seen, or a larger one

  std::optional<SpillFile> spill_;
  std::vector<SpilledRun> runs_;
  std::uint64_t spilled_bytes_ = 0;

  std::optional<RunMerger> merger_;  // after finish(), if anything was spilled
  std::size_t next_entry_ = 0;
  std::uint64_t given_ = 0;
};

}  // namespace tally::query
