#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tally::ingest {

/// Which partition of which topic, and of which: another cluster's topic of the same name is
/// another source, and so is a topic that was made anew and given another generation.
struct TopicSource {
  std::string cluster;  ///< the id that Kafka gave it
  std::string topic;
  std::uint64_t generation = 1;
};

/// How far a partition has been read, as it stands in the store: docs/format/kafka-checkpoint.md.
struct PartitionPlace {
  std::int64_t next = 0;        ///< the offset of the first record that is not in the store
  std::int32_t partitions = 0;  ///< that the topic had then
  bool gone = false;  ///< the topic ended before `next`: it is another one, and not read any more

  friend bool operator==(const PartitionPlace&, const PartitionPlace&) = default;
};

/// What a store knows of one place by name.
struct NamedPlace {
  std::int32_t partition = 0;
  PartitionPlace place;
};

/// The checkpoint's source.
std::string place_source(const TopicSource& topic, std::int32_t partition);

/// One line of text: what the store keeps as the source's state.
std::string encode(const PartitionPlace& place);

/// Of a checkpoint of the store; nothing: it is not one of this topic, or of another version.
std::optional<NamedPlace> read_place(const TopicSource& topic, std::string_view source,
                                     std::string_view state);

}  // namespace tally::ingest
