#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "ingest/kafka/group_claim.h"
#include "ingest/kafka/group_offsets.h"

namespace tally::ingest {

/// Publishes places as a group's offsets, when they have moved, and who did it. One thread.
class OffsetPublisher {
 public:
  using Places = std::map<std::int32_t, std::int64_t>;
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `group` must outlive it.
  OffsetPublisher(GroupOffsets& group, GroupClaim claim, std::chrono::milliseconds interval)
      : group_(group), claim_(std::move(claim)), interval_(interval) {}

  /// Publishes what has moved, unless it is too early. An error: what was published before was not
  /// taken; it is published again.
  Result<void> turn(const Places& places, TimePoint now);

  /// Publishes all, as closed, and waits up to `timeout` until it is taken.
  Result<void> close(const Places& places, std::chrono::milliseconds timeout);

 private:
  void publish(const Places& places);

  GroupOffsets& group_;
  GroupClaim claim_;
  const std::chrono::milliseconds interval_;
  Places published_;
  TimePoint due_{};
  TimePoint all_due_{};
};

}  // namespace tally::ingest
