#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "ingest/commit_inbox.h"
#include "ingest/file_follower.h"
#include "ingest/followed_file.h"
#include "store/store.h"

namespace tally::ingest {

class FollowTask;

/// What a task works with; all of it outlives the task.
struct FollowContext {
  store::Store& store;
  CommitInbox<FollowTask>& inbox;
  FollowTools& tools;
  const FileFollowerOptions& options;
};

/// Brings one file's batches into the store, one at a time: tries again what was not taken, and
/// lets go of a rotated file once it is quiet. Used by the follower's thread only.
class FollowTask {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit FollowTask(std::unique_ptr<FollowedFile> file) : file_(std::move(file)) {}

  /// Gives the store what is there, unless a batch is out or it is too early to try again.
  void turn(FollowContext& context, TimePoint now);

  /// The store's answer to the batch that was out.
  void take(const store::CommitResult& result, FollowContext& context, TimePoint now,
            FileFollowerStats& stats);

  /// The file lost the name by which it is followed, or has it back.
  void set_rotated(bool rotated, TimePoint now) noexcept;

  /// Whether the file is followed under another name, and so kept though it is rotated.
  void set_kept(bool kept) noexcept { kept_ = kept; }

  const FollowedFile& file() const noexcept { return *file_; }
  bool is_rotated() const noexcept { return rotated_; }
  bool is_leaving() const noexcept { return rotated_ && !kept_; }
  bool is_outstanding() const noexcept { return outstanding_; }
  bool is_at_end() const noexcept { return at_end_ && !outstanding_; }
  bool is_done() const noexcept { return done_; }

  /// When a turn is due, whatever happens till then.
  std::optional<TimePoint> due() const noexcept;

 private:
  void submit(store::Batch batch, FollowContext& context);
  void back_off(const Error& error, FollowContext& context, TimePoint now);

  const std::unique_ptr<FollowedFile> file_;
  bool rotated_ = false;
  bool kept_ = false;
  TimePoint quiet_since_{};
  bool outstanding_ = false;
  bool farewell_ = false;  ///< the batch that is out makes the store forget the file
  bool at_end_ = false;    ///< the last look found nothing
  bool done_ = false;
  std::uint64_t offset_before_ = 0;
  std::uint64_t refused_ = 0;  ///< in the batch that is out
  std::chrono::milliseconds retry_pause_{0};
  std::optional<TimePoint> retry_at_;
};

}  // namespace tally::ingest
