#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "kafka/kafka_client.h"
#include "model/result.h"

struct rd_kafka_queue_s;

namespace tally::ingest {

/// What a group has published of a partition.
struct GroupOffset {
  std::int64_t next = 0;
  std::string metadata;
};

/// The offsets of a consumer group that nobody is a member of: asked for and published, so that
/// Kafka's tools show how far a topic is read. One thread.
class GroupOffsets {
 public:
  /// `client` is a consumer with the property `group.id`, and must outlive it.
  GroupOffsets(kafka::KafkaClient& client, std::string topic, std::string group);
  ~GroupOffsets();
  GroupOffsets(const GroupOffsets&) = delete;
  GroupOffsets& operator=(const GroupOffsets&) = delete;

  using ByPartition = std::map<std::int32_t, GroupOffset>;

  /// A partition without an offset is not among them. Waits for brokers until `stop`.
  Result<ByPartition> ask(const std::vector<std::int32_t>& partitions, const std::stop_token& stop);

  /// The same, once: nothing if no answer comes within two seconds.
  Result<std::optional<ByPartition>> ask_once(const std::vector<std::int32_t>& partitions);

  /// Sends offsets; the answer comes to take_answer().
  void publish(const ByPartition& offsets);
  bool is_outstanding() const noexcept { return outstanding_; }

  /// Waits up to `timeout`. Errc::io or invalid: the offsets were not taken. Success: they were, or
  /// no answer is there yet.
  Result<void> take_answer(std::chrono::milliseconds timeout);

 private:
  struct DestroyQueue {
    void operator()(rd_kafka_queue_s* queue) const noexcept;
  };

  void note_coordinator();
  Error refused(int code) const;

  kafka::KafkaClient& client_;
  const std::string topic_;
  const std::string group_;
  std::unique_ptr<rd_kafka_queue_s, DestroyQueue> answers_;
  bool outstanding_ = false;
  int coordinator_error_ = 0;  ///< since the last answer
};

}  // namespace tally::ingest
