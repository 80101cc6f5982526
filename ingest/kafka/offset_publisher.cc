#include "ingest/kafka/offset_publisher.h"

#include <string>
#include <utility>

namespace tally::ingest {
namespace {

/// Kafka forgets what nobody has published for some days, of each partition by itself.
constexpr std::chrono::hours kAllAgain{1};

}  // namespace

Result<void> OffsetPublisher::turn(const Places& places, TimePoint now) {
  const bool was_outstanding = group_.is_outstanding();
  auto answer = group_.take_answer(std::chrono::milliseconds{0});
  if (was_outstanding && !answer) published_.clear();
  if (group_.is_outstanding() || now < due_) return answer;
  if (now >= all_due_) {
    all_due_ = now + kAllAgain;
    published_.clear();
  }
  Places moved;
  for (const auto& [partition, next] : places) {
    const auto before = published_.find(partition);
    if (before == published_.end() || before->second != next) moved.emplace(partition, next);
  }
  if (!moved.empty()) {
    due_ = now + interval_;
    publish(moved);
  }
  return answer;
}

Result<void> OffsetPublisher::close(const Places& places, std::chrono::milliseconds timeout) {
  // What was sent before must not arrive behind this.
  TALLY_TRY(group_.take_answer(timeout));
  if (places.empty()) return ok();
  claim_.closed = true;
  publish(places);
  TALLY_TRY(group_.take_answer(timeout));
  if (!group_.is_outstanding()) return ok();
  return Error{Errc::io, "no broker has taken the group's offsets in time"};
}

void OffsetPublisher::publish(const Places& places) {
  GroupOffsets::ByPartition offsets;
  for (const auto& [partition, next] : places) {
    offsets[partition] = {next, to_text(claim_)};
    published_[partition] = next;
  }
  group_.publish(offsets);
}

}  // namespace tally::ingest
