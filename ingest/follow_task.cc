#include "ingest/follow_task.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace tally::ingest {

void FollowTask::turn(FollowContext& context, TimePoint now) {
  if (outstanding_ || done_) return;
  if (retry_at_ && now < *retry_at_) return;
  retry_at_.reset();
  const bool quiet = is_leaving() && now - quiet_since_ >= context.options.rotated_grace;
  auto batch = file_->next_batch(context.tools, quiet ? LastLine::ends : LastLine::waits);
  if (!batch) return back_off(batch.error(), context, now);
  at_end_ = !batch.value().has_value();
  if (!at_end_) {
    if (!quiet) quiet_since_ = now;
    return submit(*std::move(batch).value(), context);
  }
  if (!quiet) return;
  spdlog::info("{}: the rotated file is read to its end, {} bytes", file_->path(), file_->offset());
  farewell_ = true;
  submit(file_->farewell(), context);
}

void FollowTask::submit(store::Batch batch, FollowContext& context) {
  outstanding_ = true;
  offset_before_ = file_->offset();
  refused_ = batch.refused.size();
  CommitInbox<FollowTask>& inbox = context.inbox;
  context.store.submit(std::move(batch), [this, &inbox](const store::CommitResult& result) {
    inbox.put(this, result);
  });
}

void FollowTask::take(const store::CommitResult& result, FollowContext& context, TimePoint now,
                      FileFollowerStats& stats) {
  outstanding_ = false;
  if (!result) {
    file_->dropped();
    farewell_ = false;
    ++stats.retries;
    return back_off(result.error(), context, now);
  }
  if (retry_pause_.count() > 0) spdlog::info("{}: commits succeed again", file_->path());
  retry_pause_ = {};
  if (farewell_) {
    done_ = true;
    return;
  }
  file_->committed();
  stats.events += result.value().count;
  stats.refused += refused_;
  stats.bytes += file_->offset() > offset_before_ ? file_->offset() - offset_before_ : 0;
}

void FollowTask::back_off(const Error& error, FollowContext& context, TimePoint now) {
  // Even after Errc::indeterminate nothing can be doubled: whatever this store commits next, it
  // first cuts off what is unknown, and if it dies before that, the checkpoint in it tells.
  if (retry_pause_.count() == 0) {
    spdlog::warn("{}: trying again from byte {}: {}", file_->path(), file_->offset(),
                 to_string(error));
  }
  const FileFollowerOptions& options = context.options;
  retry_pause_ = std::clamp(retry_pause_ * 2, options.retry_min, options.retry_max);
  retry_at_ = now + retry_pause_;
}

void FollowTask::set_rotated(bool rotated, TimePoint now) noexcept {
  if (rotated_ != rotated) quiet_since_ = now;
  rotated_ = rotated;
}

std::optional<FollowTask::TimePoint> FollowTask::due() const noexcept {
  if (outstanding_ || done_) return std::nullopt;
  return retry_at_;
}

}  // namespace tally::ingest
