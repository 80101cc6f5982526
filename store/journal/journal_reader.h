#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/journal/journal_scan.h"
#include "store/paths.h"
#include "store/store.h"

namespace tally::store {

/// Where a journal file ends that another one, or a segment, follows: what it says later did not
/// happen.
struct JournalCut {
  Sequence first{};                 ///< of the follower
  std::optional<Sha256> last_core;  ///< as a following journal file names it; a segment does not
};

/// How far the newest journal file may be read.
struct JournalLimit {
  std::uint64_t offset = 0;
  std::uint64_t synced = 0;  ///< below this offset, what is no commit is damage
  Sequence next{};           ///< of the first event that is not below `synced`

  friend bool operator==(const JournalLimit&, const JournalLimit&) = default;
};

/// Reads the commits of one journal file, which may be written meanwhile, as far as they count.
/// Damage is stepped over and told by take_corrupt(). One thread at a time.
class JournalReader {
 public:
  /// Errc::corruption: the file's header is damaged; Errc::not_found. `files` must outlive it.
  static Result<JournalReader> open(FileSystem& files, const StorePaths& paths,
                                    std::uint64_t number, const ScanOptions& options);

  const FileHeader& header() const noexcept { return scan_.header(); }
  const Path& path() const noexcept { return path_; }

  /// Sequence that the next commit should begin with.
  Sequence expected() const noexcept { return expected_; }

  /// In a file that has a follower: the next commit, or nothing when all that count were given, or
  /// are lost.
  Result<std::optional<Commit>> next_before(const JournalCut& cut);

  /// Behind the last commit: what is missing up to the follower's first event is lost.
  Result<void> finish(const JournalCut& cut);

  /// In the newest file: the next commit, or nothing when there is none yet.
  Result<std::optional<Commit>> next_within(const JournalLimit& limit);

  /// The stored bytes of a commit's data frame; see JournalScan::read_frame.
  Result<std::string_view> read_frame(const Commit& commit, std::size_t frame);

  /// What was found damaged since the last call.
  std::vector<CorruptRange> take_corrupt();

 private:
  JournalReader(std::unique_ptr<File> file, Path path, JournalScan scan);

  void note_bound(std::uint64_t offset);
  Result<std::optional<Commit>> step_over_damage(std::uint64_t to);
  void take(const Commit& commit);
  void report(std::uint64_t from, std::uint64_t to, Sequence next);

  Path path_;
  std::unique_ptr<File> file_;
  JournalScan scan_;
  Sequence expected_{};
  Sha256 last_core_{};                     ///< of the last commit, or of those before the file
  std::uint64_t bound_ = 0;                ///< up to where the last call was to read
  std::optional<std::uint64_t> dead_end_;  ///< offset behind which nothing was found
  std::vector<CorruptRange> corrupt_;
};

}  // namespace tally::store
