#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "ingest/kafka/consume_counters.h"
#include "ingest/kafka/consume_settings.h"
#include "model/clock.h"
#include "store/store.h"

namespace tally::ingest {

struct KafkaSourceOptions {
  ConsumeSettings settings;
  /// How often to look for partitions that were added, and who publishes for ours.
  std::chrono::milliseconds look_interval{30'000};
  /// How often the group's offsets are published while they move.
  std::chrono::milliseconds publish_interval{1000};
  /// How long a partition has to end before our place until it counts as one made anew: a broker
  /// that has just taken over may not know its end yet.
  std::chrono::milliseconds gone_after{5000};
  /// Pauses before reading is begun anew, and after a commit that took nothing: doubled each time,
  /// from the first to the second.
  std::chrono::milliseconds retry_min{100};
  std::chrono::milliseconds retry_max{5000};
};

/// Takes events in from a topic of Kafka's, each record exactly once: a partition's offset is
/// committed with the events that were read up to it, and a restart goes on where the store says
/// that it had got. Partitions are shared out among several Tallies by their numbers, for good: no
/// group balances them, so that each partition's events are in one store only. Offsets are
/// published as a group's, too. Whatever is wrong with brokers and topic is said, and tried again
/// for ever. One thread, and librdkafka's own.
class KafkaSource {
 public:
  /// `store` and `clock` must outlive it.
  KafkaSource(store::Store& store, const Clock& clock, KafkaSourceOptions options);

  /// As stop().
  ~KafkaSource();
  KafkaSource(const KafkaSource&) = delete;
  KafkaSource& operator=(const KafkaSource&) = delete;

  /// Starts the thread. Once.
  void start();

  /// Ends after the batches that are being committed, and publishes that all is told. The store
  /// must still answer them. Idempotent.
  void stop();

  /// "BROKERS/TOPIC"
  const std::string& name() const noexcept;

  /// Thread-safe.
  KafkaSourceStats stats() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tally::ingest
