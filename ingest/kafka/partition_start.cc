#include "ingest/kafka/partition_start.h"

#include <algorithm>

#include "ingest/kafka/group_claim.h"

namespace tally::ingest {
namespace {

bool is_of_another_generation(const PartitionEvidence& evidence, const StartPolicy& policy) {
  if (!evidence.group) return false;
  const auto claim = parse_group_claim(evidence.group->metadata);
  return (claim ? claim->generation : 1) != policy.generation;
}

/// The claim of another store that may know more of the partition than the brokers.
std::optional<GroupClaim> open_claim(const PartitionEvidence& evidence, const StartPolicy& policy) {
  if (!evidence.group) return std::nullopt;
  auto claim = parse_group_claim(evidence.group->metadata);
  if (!claim || claim->closed || claim->store == policy.store) return std::nullopt;
  return claim;
}

std::optional<std::int64_t> known_place(const PartitionEvidence& evidence) {
  std::optional<std::int64_t> next;
  if (evidence.journal) next = evidence.journal->next;
  if (evidence.group) next = std::max(next.value_or(0), evidence.group->next);
  return next;
}

}  // namespace

PartitionStart decide_start(PartitionEvidence evidence, const StartPolicy& policy) {
  if (is_of_another_generation(evidence, policy)) evidence.group.reset();
  PartitionStart start;
  if (const auto claim = open_claim(evidence, policy)) {
    start.holder = "store " + claim->store + ", member " + claim->member;
    if (!policy.takeover) {
      start.state = PartitionState::held;
      start.next = evidence.group->next;
      return start;
    }
  }
  const auto [begin, end] = evidence.offsets;
  const auto known = known_place(evidence);
  if (!known) {
    const bool from_end = policy.start == ConsumeStart::now && !evidence.added;
    start.next = from_end ? end : begin;
    return start;
  }
  start.next = std::max(*known, begin);
  start.lost = static_cast<std::uint64_t>(start.next - *known);
  const bool marked = evidence.journal && evidence.journal->gone;
  if (marked || *known > end) {
    start = {PartitionState::gone, *known, 0, ""};
  }
  return start;
}

}  // namespace tally::ingest
