#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "model/result.h"
#include "store/cursor.h"
#include "store/file_system.h"
#include "store/journal_scan.h"
#include "store/paths.h"
#include "store/store.h"

namespace tally::store {

/// Goes through the commits of all journal files in order, while a writer in this or another
/// process goes on. It stops at what is durable; where nobody writes, at the first thing that is no
/// commit. Each file counts up to the core that the next one's header names. One thread at a time.
class JournalWalk {
 public:
  /// Starts with the file that holds `from`, or the oldest. `files` must outlive the walk.
  static Result<JournalWalk> open(FileSystem& files, StorePaths paths, Sequence from,
                                  Refused refused);

  /// The next commit, or nothing when all that is durable has been walked; more may come later.
  /// Corruption is recorded and stepped over.
  Result<std::optional<Commit>> next();

  /// Of the file that the last commit is in.
  JournalScan& scan() noexcept { return current_->scan; }

  const StoreId& id() const noexcept { return current_->scan.header().store; }

  /// What was found damaged, by this walk or by whoever reads its frames.
  std::vector<CorruptRange>& corrupt() noexcept { return corrupt_; }

  /// Sequence that the next commit should begin with.
  Sequence expected() const noexcept { return expected_; }

  /// The path of the current file, for messages.
  const Path& path() const noexcept { return current_->path; }

 private:
  struct OpenFile {
    std::uint64_t number;
    Path path;
    std::unique_ptr<File> file;
    JournalScan scan;
  };

  /// How far may be read: up to `offset` of file `number`, and all of the files before it.
  struct Limit {
    std::uint64_t number = 0;
    std::uint64_t offset = 0;
    std::uint64_t synced = 0;  ///< below this offset of the file, what is no commit is damage
    Sequence next{};           ///< of the first event that is not below `synced`

    friend bool operator==(const Limit&, const Limit&) = default;
  };

  JournalWalk(FileSystem& files, StorePaths paths, Refused refused);

  Result<OpenFile> open_file(std::uint64_t number);
  Result<std::vector<std::uint64_t>> numbers() const;
  Result<void> refresh_limit();
  Result<bool> find_successor();
  Result<void> enter_successor();
  Result<std::optional<Commit>> next_before(const FileHeader& cut);
  Result<std::optional<Commit>> next_in_last();
  Result<std::optional<Commit>> step_over_damage(std::uint64_t to);
  void take(const Commit& commit);
  void report(std::uint64_t from, std::uint64_t to, Sequence next);

  FileSystem* files_;
  StorePaths paths_;
  ScanOptions options_;
  std::unique_ptr<OpenFile> current_;
  std::unique_ptr<OpenFile> successor_;  ///< the file after current_, once there is one
  Limit limit_;
  Sequence expected_{};                    ///< first sequence of the next commit
  Sha256 last_core_{};                     ///< of the last commit, or of those before current_
  std::optional<std::uint64_t> dead_end_;  ///< offset in current_ behind which nothing was found
  std::uint64_t damage_ = 0;               ///< offset in current_ of the last bad place
  std::set<std::uint64_t> damaged_files_;  ///< whose headers are damaged: told once
  std::vector<CorruptRange> corrupt_;
};

}  // namespace tally::store
