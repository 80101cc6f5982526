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
    : topic_(rd_kafka_topic_new(client.get(), topic.c_str(), nullptr)), partition_(partition) {}

PartitionReader::~PartitionReader() {
  if (started_) rd_kafka_consume_stop(topic_.get(), partition_);
}

Result<void> PartitionReader::start(std::int64_t begin) {
  started_ = rd_kafka_consume_start(topic_.get(), partition_, begin) == 0;
  if (started_) return ok();
  return kafka_error(rd_kafka_last_error(), rd_kafka_topic_name(topic_.get()), "");
}

Message PartitionReader::next(std::chrono::milliseconds timeout) {
  return Message(rd_kafka_consume(topic_.get(), partition_, static_cast<int>(timeout.count())));
}

}  // namespace tally::kafka
