#include "ingest/kafka/place_finder.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>

#include "kafka/kafka_error.h"
#include "kafka/topic_query.h"

namespace tally::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// A broker that is just starting does not know of a topic.
constexpr std::chrono::seconds kMissingLasts{2};

std::map<std::int32_t, PartitionPlace> places_in(const store::Store& store,
                                                 const TopicSource& topic) {
  std::map<std::int32_t, PartitionPlace> places;
  for (const store::SourceCheckpoint& checkpoint : store.checkpoints()) {
    const auto read = read_place(topic, checkpoint.source, checkpoint.state);
    if (read) places[read->partition] = read->place;
  }
  return places;
}

std::vector<std::int32_t> partitions_of(const Member& member, std::int32_t partitions) {
  std::vector<std::int32_t> ours;
  for (std::int32_t i = 0; i < partitions; ++i) {
    if (member.owns(i)) ours.push_back(i);
  }
  return ours;
}

template <class Map>
auto found_in(const Map& map, std::int32_t partition) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(partition);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

/// What was published last is all that is known of what the other store has.
void tell_begin(const std::string& name, const PartitionStart& start) {
  const std::string offset = std::to_string(start.next);
  if (start.holder.empty()) return spdlog::info(name + ": reading from offset " + offset);
  spdlog::warn(name + ": taken over from " + start.holder + ", which has not closed it: reading " +
               "from offset " + offset + "; what that store has read beyond it will be in both");
}

}  // namespace

Result<TopicPlaces> PlaceFinder::find() {
  TopicPlaces places;
  TALLY_TRY(places.partitions, count_partitions());
  TALLY_TRY(places.topic, name_topic());
  const auto ours = partitions_of(means_.settings.member, places.partitions);
  if (ours.empty()) return places;
  TALLY_TRY(const auto published, means_.group.ask(ours, means_.stop));
  const auto known = places_in(means_.store, places.topic);
  for (const auto& [partition, place] : known) {
    means_.memory.partitions = std::max(means_.memory.partitions, place.partitions);
  }
  for (const std::int32_t partition : ours) {
    PartitionEvidence evidence;
    evidence.journal = found_in(known, partition);
    evidence.group = found_in(published, partition);
    evidence.added = means_.memory.partitions > 0 && partition >= means_.memory.partitions;
    TALLY_TRY(const PartitionStart start, start_of(partition, std::move(evidence)));
    tell(partition, start);
    places.ours.emplace(partition, start);
  }
  means_.memory.partitions = std::max(means_.memory.partitions, places.partitions);
  means_.memory.claimed = true;
  return places;
}

Result<std::int32_t> PlaceFinder::count_partitions() {
  const std::string& topic = means_.settings.topic.topic;
  std::optional<SteadyClock::time_point> missing_since;
  while (true) {
    const auto found = kafka::describe_topic(means_.asker, topic);
    if (found && found->error == 0) {
      means_.asker.got_through();
      return found->partitions;
    }
    if (found && !missing_since) missing_since = SteadyClock::now();
    if (found && SteadyClock::now() - *missing_since >= kMissingLasts) {
      return kafka::kafka_error(kafka::TopicUse::read, found->error, "topic " + topic, "");
    }
    TALLY_TRY(means_.asker.keep_trying(means_.stop));
  }
}

Result<TopicSource> PlaceFinder::name_topic() {
  TopicSource topic;
  topic.topic = means_.settings.topic.topic;
  topic.generation = means_.settings.generation;
  while (true) {
    topic.cluster = kafka::cluster_id(means_.asker);
    if (!topic.cluster.empty()) return topic;
    TALLY_TRY(means_.asker.keep_trying(means_.stop));
  }
}

/// That a partition ends too early is believed only after some time.
Result<PartitionStart> PlaceFinder::start_of(std::int32_t partition, PartitionEvidence evidence) {
  const StartPolicy policy{to_string(means_.store.id()), means_.settings.generation,
                           means_.settings.start,
                           means_.settings.takeover && !means_.memory.claimed};
  const bool marked = evidence.journal && evidence.journal->gone;
  const auto began = SteadyClock::now();
  while (true) {
    TALLY_TRY(evidence.offsets, kafka::ask_for_offsets(means_.asker, means_.settings.topic.topic,
                                                       partition, means_.stop));
    const PartitionStart start = decide_start(evidence, policy);
    if (start.state != PartitionState::gone || marked) return start;
    if (SteadyClock::now() - began >= means_.gone_after) return start;
    TALLY_TRY(means_.asker.keep_trying(means_.stop));
  }
}

void PlaceFinder::tell(std::int32_t partition, const PartitionStart& start) {
  const std::string name = means_.settings.topic.topic + "/" + std::to_string(partition);
  if (start.lost > 0) {
    means_.counters.update([&](KafkaSourceStats& stats) { stats.lost += start.lost; });
    spdlog::error(name + ": LOST: up to " + std::to_string(start.lost) + " records before offset " +
                  std::to_string(start.next) +
                  " were removed from the topic before they were read; going on from there");
  }
  const auto [told, is_new] = means_.memory.told.try_emplace(partition, start.state);
  if (!is_new && told->second == start.state) return;
  told->second = start.state;
  switch (start.state) {
    case PartitionState::reading:
      tell_begin(name, start);
      return;
    case PartitionState::held:
      spdlog::error(name + " is HELD, and not read: " + start.holder +
                    " has read it up to offset " + std::to_string(start.next) +
                    " at least, and has not closed it: stop that one cleanly (start it before, if "
                    "it does not run), or, if its store is lost, add takeover=yes to the URL");
      return;
    case PartitionState::gone:
      spdlog::error(name + " is STOPPED: it was read up to offset " + std::to_string(start.next) +
                    ", but the partition ends before that: the topic was made anew, or its "
                    "brokers lost records; it is not read any more, until generation=" +
                    std::to_string(means_.settings.generation + 1) +
                    " in the URL makes it another source");
      return;
  }
}

}  // namespace tally::ingest
