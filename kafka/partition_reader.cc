#include "kafka/partition_reader.h"

#include <librdkafka/rdkafka.h>

#include "kafka/kafka_error.h"

namespace tally::kafka {

void DestroyMessage::operator()(rd_kafka_message_s* message) const noexcept {
  rd_kafka_message_destroy(message);
}

void PartitionReader::DestroyTopic::operator()(rd_kafka_topic_s* topic) const noexcept {
  rd_kafka_topic_destroy(topic);
}

PartitionReader::PartitionReader(KafkaClient& client, const std::string& topic,
                                 std::int32_t partition)
    : client_(client),
      topic_(rd_kafka_topic_new(client.get(), topic.c_str(), nullptr)),
      partition_(partition) {}

void PartitionReader::DestroyQueue::operator()(rd_kafka_queue_s* queue) const noexcept {
  rd_kafka_queue_io_event_enable(queue, -1, nullptr, 0);
  rd_kafka_queue_destroy(queue);
}

PartitionReader::~PartitionReader() {
  if (started_) rd_kafka_consume_stop(topic_.get(), partition_);
}

Result<void> PartitionReader::start(std::int64_t begin) {
  started_ = rd_kafka_consume_start(topic_.get(), partition_, begin) == 0;
  if (started_) return ok();
  return kafka_error(TopicUse::read, rd_kafka_last_error(), rd_kafka_topic_name(topic_.get()), "");
}

Message PartitionReader::next(std::chrono::milliseconds timeout) {
  return Message(rd_kafka_consume(topic_.get(), partition_, static_cast<int>(timeout.count())));
}

void PartitionReader::wake(int descriptor) {
  static constexpr std::uint64_t kOne = 1;
  queue_.reset(
      rd_kafka_queue_get_partition(client_.get(), rd_kafka_topic_name(topic_.get()), partition_));
  if (queue_) rd_kafka_queue_io_event_enable(queue_.get(), descriptor, &kOne, sizeof kOne);
}

std::size_t PartitionReader::queued() const noexcept {
  return queue_ == nullptr ? 0 : rd_kafka_queue_length(queue_.get());
}

/// A request to the partition's broker wakes the thread that fetches from it; what is answered, and
/// whether in time, does not matter.
void PartitionReader::hurry() {
  constexpr int kWithin = 5;  // milliseconds
  std::int64_t begin = 0;
  std::int64_t end = 0;
  rd_kafka_query_watermark_offsets(client_.get(), rd_kafka_topic_name(topic_.get()), partition_,
                                   &begin, &end, kWithin);
}

std::optional<std::int64_t> PartitionReader::end() const {
  std::int64_t begin = 0;
  std::int64_t end = RD_KAFKA_OFFSET_INVALID;
  const auto error = rd_kafka_get_watermark_offsets(
      client_.get(), rd_kafka_topic_name(topic_.get()), partition_, &begin, &end);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR || end < 0) return std::nullopt;
  return end;
}

}  // namespace tally::kafka
