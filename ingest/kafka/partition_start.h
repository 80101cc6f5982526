#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ingest/kafka/consume_settings.h"
#include "ingest/kafka/group_offsets.h"
#include "ingest/kafka/partition_place.h"
#include "kafka/topic_query.h"

namespace tally::ingest {

/// What is known about a partition before it is read.
struct PartitionEvidence {
  std::optional<PartitionPlace> journal;  ///< what the own store says
  std::optional<GroupOffset> group;       ///< what was published last, by whomever
  kafka::PartitionOffsets offsets;        ///< where the partition begins and ends
  bool added = false;                     ///< it was not there when the topic was seen first
};

/// Whether a partition can be read.
enum class PartitionState : std::uint8_t {
  reading,
  held,  ///< another store published last, and did not close: its journal may know more
  gone,  ///< it ends before the place: the topic was made anew, and nothing tells how to go on
};

/// How a partition is begun.
struct PartitionStart {
  PartitionState state = PartitionState::reading;
  std::int64_t next = 0;
  std::uint64_t lost = 0;  ///< offsets before `next` that the broker no longer has
  std::string holder;      ///< who published last, of one that is held or taken over
};

/// Who decides: the own store, by name, and what its operator has said.
struct StartPolicy {
  std::string store;
  std::uint64_t generation = 1;
  ConsumeStart start = ConsumeStart::oldest;
  bool takeover = false;
};

/// What was published for another generation is of another source, and counts for nothing.
PartitionStart decide_start(PartitionEvidence evidence, const StartPolicy& policy);

}  // namespace tally::ingest
