#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "kafka/kafka_client.h"
#include "model/result.h"

struct rd_kafka_message_s;
struct rd_kafka_queue_s;
struct rd_kafka_topic_s;

namespace tally::kafka {

struct DestroyMessage {
  void operator()(rd_kafka_message_s* message) const noexcept;
};

/// A record as librdkafka hands it out, or a report in its place: see rd_kafka_message_t.
using Message = std::unique_ptr<rd_kafka_message_s, DestroyMessage>;

/// Reads one partition of a topic from an offset on, without a consumer group: that would need
/// rights of its own. What it takes for committed is its client's `isolation.level`. One thread.
class PartitionReader {
 public:
  /// `client` is a consumer, and must outlive it and what it hands out.
  PartitionReader(KafkaClient& client, const std::string& topic, std::int32_t partition);
  /// Gives up what it has fetched ahead.
  ~PartitionReader();
  PartitionReader(const PartitionReader&) = delete;
  PartitionReader& operator=(const PartitionReader&) = delete;

  /// Begins to fetch with the record at offset `begin`. Once, before next().
  Result<void> start(std::int64_t begin);

  /// The next record, or a report: its `err` tells them apart (RD_KAFKA_RESP_ERR__PARTITION_EOF
  /// comes with the client's property `enable.partition.eof` only). Nothing: none came within
  /// `timeout`.
  Message next(std::chrono::milliseconds timeout);

  /// From now on the eventfd `descriptor` (which does not block) becomes readable when something
  /// comes after next() had found nothing. It must outlive the reader.
  void wake(int descriptor);

  /// How many records are fetched and not handed out; 0 before wake().
  std::size_t queued() const noexcept;

  /// Makes the client see that there is room to fetch. By itself it looks once a second when it had
  /// as much as it may have. Takes a few milliseconds.
  void hurry();

  /// The partition's end as the last fetch said, whatever transactions are open; nothing: there was
  /// none yet.
  std::optional<std::int64_t> end() const;

 private:
  struct DestroyTopic {
    void operator()(rd_kafka_topic_s* topic) const noexcept;
  };

  struct DestroyQueue {
    void operator()(rd_kafka_queue_s* queue) const noexcept;
  };

  KafkaClient& client_;
  std::unique_ptr<rd_kafka_topic_s, DestroyTopic> topic_;
  const std::int32_t partition_;
  std::unique_ptr<rd_kafka_queue_s, DestroyQueue> queue_;  ///< that wakes
  bool started_ = false;
};

}  // namespace tally::kafka
