#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ingest/directory_watch.h"
#include "ingest/file_position.h"
#include "ingest/follow_task.h"
#include "store/batch.h"

namespace tally::ingest {

/// Which files are followed: those that have the wanted names, those that had them before and are
/// not read to their end, and where each was left before the last restart. Used by the follower's
/// thread only.
class FollowList {
 public:
  using TimePoint = FollowTask::TimePoint;

  /// A path, and the files that have or had it, the oldest first.
  struct Followed {
    std::string path;
    std::vector<std::unique_ptr<FollowTask>> tasks;
    bool wanted = false;  ///< a pattern gives it
    bool unreadable = false;
  };

  FollowList(std::vector<std::string> patterns,
             const std::vector<store::SourceCheckpoint>& checkpoints);

  /// Looks at the names: takes up new files, notices rotation, lets go of what is done. Directories
  /// of the paths are added to `watch`; `renames` are those that it told of since the last look, so
  /// that a file which had a path for a moment only is not missed.
  void discover(const std::vector<Rename>& renames, DirectoryWatch& watch, TimePoint now);

  std::vector<Followed>& followed() noexcept { return followed_; }
  const std::vector<Followed>& followed() const noexcept { return followed_; }

  /// Whether something can change that no watch tells of.
  bool needs_polling() const noexcept;

  /// Checkpoints of files that are gone, for the store to forget. Empties the list.
  std::vector<store::SourceCheckpoint> take_forgotten();

  std::uint64_t file_count() const noexcept;
  std::uint64_t unreadable_count() const noexcept;

 private:
  /// Whether tasks count that are done.
  enum class Done : std::uint8_t { too, not_any_more };

  struct Known {
    std::string path;
    FilePosition position;
  };

  void expand(const std::string& pattern);
  Followed& followed_path(const std::string& path);
  void watch_directory(DirectoryWatch& watch, const std::string& path);
  void find_rotated(Followed& followed, TimePoint now);
  std::unique_ptr<FollowTask> take_up_rotated(const Known& known);
  void take_up_renamed(Followed& followed, const std::vector<Rename>& renames, TimePoint now);
  void look_at(Followed& followed, TimePoint now);
  void take_up(Followed& followed);
  void resume(FollowedFile& file);
  void report_unreadable(Followed& followed, const Error& error);
  FollowTask* task_of(const FileId& id, Done done = Done::not_any_more) noexcept;
  void remove_done();

  const std::vector<std::string> patterns_;
  std::vector<Known> known_;  ///< checkpoints that no task has taken up yet
  std::vector<store::SourceCheckpoint> forgotten_;
  std::vector<Followed> followed_;
  std::set<std::string> unwatched_;  ///< directories that cannot be watched, as was said in the log
};

}  // namespace tally::ingest
