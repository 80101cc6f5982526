#include "tests/kafka/topic_admin.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include "tests/support/patience.h"

namespace tally::tests {
namespace {

constexpr int kAnswerWithin = 30'000;  // milliseconds

template <auto kFree>
struct Free {
  void operator()(auto* what) const noexcept { kFree(what); }
};
using Queue = std::unique_ptr<rd_kafka_queue_t, Free<&rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Free<&rd_kafka_event_destroy>>;

void expect_done(const Queue& queue) {
  const Event event(rd_kafka_queue_poll(queue.get(), kAnswerWithin));
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(rd_kafka_event_error(event.get()), 0) << rd_kafka_event_error_string(event.get());
}

}  // namespace

TopicAdmin::TopicAdmin(const std::string& bootstrap) {
  rd_kafka_conf_t* const configuration = rd_kafka_conf_new();
  rd_kafka_conf_set(configuration, "bootstrap.servers", bootstrap.c_str(), nullptr, 0);
  rd_kafka_conf_set(configuration, "allow.auto.create.topics", "false", nullptr, 0);
  rd_kafka_conf_set(configuration, "enable.idempotence", "true", nullptr, 0);
  rd_kafka_conf_set(configuration, "linger.ms", "5", nullptr, 0);
  rd_kafka_conf_set(configuration, "reconnect.backoff.max.ms", "500", nullptr, 0);
  rd_kafka_conf_set(configuration, "topic.metadata.propagation.max.ms", "0", nullptr, 0);
  rd_kafka_conf_set(configuration, "log_level", "0", nullptr, 0);
  client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nullptr, 0));
}

TopicAdmin::~TopicAdmin() = default;

void TopicAdmin::Destroy::operator()(rd_kafka_s* client) const noexcept {
  rd_kafka_destroy(client);
}

void TopicAdmin::create(const std::string& topic, int partitions) {
  const Queue queue(rd_kafka_queue_new(client_.get()));
  rd_kafka_NewTopic_t* made = rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, nullptr, 0);
  rd_kafka_CreateTopics(client_.get(), &made, 1, nullptr, queue.get());
  rd_kafka_NewTopic_destroy(made);
  expect_done(queue);
  await_partitions(topic, partitions);
}

void TopicAdmin::grow(const std::string& topic, int partitions) {
  const Queue queue(rd_kafka_queue_new(client_.get()));
  auto* more =
      rd_kafka_NewPartitions_new(topic.c_str(), static_cast<std::size_t>(partitions), nullptr, 0);
  rd_kafka_CreatePartitions(client_.get(), &more, 1, nullptr, queue.get());
  rd_kafka_NewPartitions_destroy(more);
  expect_done(queue);
  await_partitions(topic, partitions);
}

void TopicAdmin::remove(const std::string& topic) {
  const Queue queue(rd_kafka_queue_new(client_.get()));
  rd_kafka_DeleteTopic_t* removed = rd_kafka_DeleteTopic_new(topic.c_str());
  rd_kafka_DeleteTopics(client_.get(), &removed, 1, nullptr, queue.get());
  rd_kafka_DeleteTopic_destroy(removed);
  expect_done(queue);
  await_partitions(topic, 0);
}

void TopicAdmin::remove_records(const std::string& topic, std::int32_t partition,
                                std::int64_t before) {
  const Queue queue(rd_kafka_queue_new(client_.get()));
  rd_kafka_topic_partition_list_t* const list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = before;
  rd_kafka_DeleteRecords_t* removed = rd_kafka_DeleteRecords_new(list);
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_DeleteRecords(client_.get(), &removed, 1, nullptr, queue.get());
  rd_kafka_DeleteRecords_destroy(removed);
  expect_done(queue);
}

int TopicAdmin::partitions(const std::string& topic) const {
  const rd_kafka_metadata_t* metadata = nullptr;
  rd_kafka_topic_t* const handle = rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr);
  const auto error = rd_kafka_metadata(client_.get(), 0, handle, &metadata, kAnswerWithin);
  rd_kafka_topic_destroy(handle);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return -1;
  const int count = metadata->topics[0].partition_cnt;
  rd_kafka_metadata_destroy(metadata);
  return count;
}

void TopicAdmin::await_partitions(const std::string& topic, int partitions) const {
  wait_until([&] { return this->partitions(topic) == partitions; });
}

void TopicAdmin::write(const std::string& topic, std::int32_t partition, const std::string& value) {
  put(topic, partition, value.data(), value.size());
}

void TopicAdmin::write_nothing(const std::string& topic, std::int32_t partition) {
  put(topic, partition, nullptr, 0);
}

void TopicAdmin::put(const std::string& topic, std::int32_t partition, const char* bytes,
                     std::size_t size) {
  rd_kafka_topic_t* const handle = rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr);
  // It is only read, but the library's interface is older than const.
  auto* const value = const_cast<char*>(bytes);
  EXPECT_EQ(
      rd_kafka_produce(handle, partition, RD_KAFKA_MSG_F_COPY, value, size, nullptr, 0, nullptr),
      0);
  rd_kafka_topic_destroy(handle);
}

void TopicAdmin::flush() {
  EXPECT_EQ(rd_kafka_flush(client_.get(), kAnswerWithin), RD_KAFKA_RESP_ERR_NO_ERROR);
}

}  // namespace tally::tests
