#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kafka/topic_settings.h"
#include "model/result.h"

namespace tally::ingest {

/// Where a partition is begun that nobody has read yet.
enum class ConsumeStart : std::uint8_t { oldest, now };

/// One of several Tallies that share a topic: number `number`, from 1, of `count`.
struct Member {
  std::int32_t number = 1;
  std::int32_t count = 1;

  /// Each partition is exactly one member's.
  bool owns(std::int32_t partition) const noexcept { return partition % count == number - 1; }
};

/// "1/3"
std::string to_string(const Member& member);

/// What --consume says: docs/scaling.md has the parameters.
struct ConsumeSettings {
  kafka::TopicSettings topic;
  Member member;
  std::string group = "tally";  ///< under which offsets are published
  ConsumeStart start = ConsumeStart::oldest;
  std::uint64_t generation = 1;    ///< another one is another source
  bool takeover = false;           ///< also what another store has not closed
  std::uint64_t memory_bytes = 0;  ///< of records that are fetched ahead, all partitions together

  /// "BROKERS/TOPIC", for people and as a label.
  std::string name() const { return topic.brokers + "/" + topic.topic; }
};

/// Errc::invalid says what is wrong.
Result<ConsumeSettings> read_consume_url(std::string_view url);

}  // namespace tally::ingest
