#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ingest/commit_inbox.h"
#include "ingest/kafka/consume_counters.h"
#include "ingest/kafka/partition_place.h"
#include "ingest/kafka/record_packer.h"
#include "kafka/partition_reader.h"
#include "model/clock.h"
#include "store/store.h"

namespace tally::ingest {

class PartitionTask;

/// What a task works with; all of it outlives the task.
struct PartitionContext {
  store::Store& store;
  CommitInbox<PartitionTask>& inbox;
  RecordPacker& packer;
  const Clock& clock;
  ConsumeCounters& counters;
  std::chrono::milliseconds retry_min;
  std::chrono::milliseconds retry_max;
};

/// Brings one partition's records into the store, a batch at a time, each with the place behind it;
/// a batch that was not taken is submitted again, and nothing is read meanwhile. Used by the
/// source's thread only.
class PartitionTask {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Identity {
    std::string name;    ///< "topic/partition"
    std::string source;  ///< the checkpoint's
  };

  /// To be begun at `place`, which becomes part of the journal before anything is read.
  PartitionTask(Identity identity, const PartitionPlace& place);

  /// `client` and the eventfd must outlive the task.
  Result<void> start(kafka::KafkaClient& client, const std::string& topic, std::int32_t partition,
                     int wake);

  /// Gives the store what is there, unless a batch is out or it is too early to try again.
  void turn(PartitionContext& context, TimePoint now);

  /// The store's answer to the batch that was out.
  void take(const store::CommitResult& result, PartitionContext& context, TimePoint now);

  bool is_outstanding() const noexcept { return outstanding_; }

  /// Whether the place to read from has to be found anew; nothing is read any more.
  bool is_astray() const noexcept { return astray_; }

  /// When a turn is due, whatever happens till then.
  std::optional<TimePoint> due() const noexcept;

  /// Behind all that the journal has, and what else a consumer passes over; nothing: the journal
  /// does not have the place yet.
  std::optional<std::int64_t> published_place() const noexcept;

  /// How many offsets lie between that and the partition's end, as far as is known.
  std::uint64_t lag() const;

 private:
  void read(PartitionContext& context);
  bool take_report(const rd_kafka_message_s& report, PartitionContext& context);
  void see_to_more();
  void submit(PartitionContext& context);
  void back_off(const Error& error, PartitionContext& context, TimePoint now);

  const Identity identity_;
  PartitionPlace place_;         ///< behind all that was read
  std::int64_t committed_ = -1;  ///< the place in the journal; negative: not yet
  std::int64_t passed_ = 0;      ///< the end, marks of transactions included, when it was seen
  std::optional<store::Batch> batch_;  ///< out, or to be submitted again
  std::uint64_t batch_bytes_ = 0;      ///< of its values
  bool outstanding_ = false;
  bool astray_ = false;
  std::chrono::milliseconds retry_pause_{0};
  std::optional<TimePoint> retry_at_;
  std::optional<kafka::PartitionReader> reader_;
};

}  // namespace tally::ingest
