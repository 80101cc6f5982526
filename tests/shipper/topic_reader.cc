#include "tests/shipper/topic_reader.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <string_view>

#include "tests/shipper/sample_store.h"

namespace tally::tests {
namespace {

constexpr int kAnswerWithin = 30'000;  // milliseconds

std::string text_of(const void* bytes, std::size_t size) {
  return {static_cast<const char*>(bytes), size};
}

TopicRecord record_of(const rd_kafka_message_t& message) {
  TopicRecord record;
  record.partition = message.partition;
  record.offset = message.offset;
  record.timestamp = rd_kafka_message_timestamp(&message, nullptr);
  record.key = text_of(message.key, message.key_len);
  record.value = text_of(message.payload, message.len);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return record;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    record.headers.emplace(name, text_of(value, size));
  }
  return record;
}

void read_partition(rd_kafka_topic_t* topic, std::int32_t partition, std::int64_t end,
                    std::vector<TopicRecord>& records) {
  if (end == 0) return;
  ASSERT_EQ(rd_kafka_consume_start(topic, partition, RD_KAFKA_OFFSET_BEGINNING), 0);
  while (true) {
    rd_kafka_message_t* const message = rd_kafka_consume(topic, partition, kAnswerWithin);
    if (message == nullptr) {
      ADD_FAILURE() << "partition " << partition << " does not get to " << end;
      break;
    }
    const bool eof = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) records.push_back(record_of(*message));
    const std::int64_t next = message->offset + (eof ? 0 : 1);
    rd_kafka_message_destroy(message);
    if (next >= end) break;
  }
  rd_kafka_consume_stop(topic, partition);
}

std::int64_t end_of(rd_kafka_t* client, const std::string& topic, std::int32_t partition) {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  // A broker that is starting does not answer.
  for (int i = 0; i < 30; ++i) {
    const auto error = rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &begin,
                                                        &end, kAnswerWithin);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return end;
    rd_kafka_poll(client, 1000);
  }
  ADD_FAILURE() << topic << ": no answer";
  return 0;
}

}  // namespace

TopicReader::TopicReader(const std::string& bootstrap, const std::string& topic)
    : topic_(topic),
      committed_(connect(bootstrap, "read_committed")),
      uncommitted_(connect(bootstrap, "read_uncommitted")) {}

TopicReader::~TopicReader() = default;

void TopicReader::Destroy::operator()(rd_kafka_s* client) const noexcept {
  rd_kafka_destroy(client);
}

TopicReader::Client TopicReader::connect(const std::string& bootstrap,
                                         const std::string& isolation) {
  rd_kafka_conf_t* const configuration = rd_kafka_conf_new();
  const std::map<std::string, std::string> properties = {{"bootstrap.servers", bootstrap},
                                                         {"isolation.level", isolation},
                                                         {"enable.partition.eof", "true"},
                                                         {"reconnect.backoff.max.ms", "500"},
                                                         {"log_level", "0"}};
  for (const auto& [name, value] : properties) {
    rd_kafka_conf_set(configuration, name.c_str(), value.c_str(), nullptr, 0);
  }
  return Client(rd_kafka_new(RD_KAFKA_CONSUMER, configuration, nullptr, 0));
}

std::int32_t TopicReader::partitions() const {
  const rd_kafka_metadata_t* metadata = nullptr;
  rd_kafka_topic_t* const topic = rd_kafka_topic_new(uncommitted_.get(), topic_.c_str(), nullptr);
  const auto error = rd_kafka_metadata(uncommitted_.get(), 0, topic, &metadata, kAnswerWithin);
  rd_kafka_topic_destroy(topic);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return 0;
  const std::int32_t count = metadata->topics[0].partition_cnt;
  rd_kafka_metadata_destroy(metadata);
  return count;
}

std::vector<TopicRecord> TopicReader::read_all() const {
  std::vector<TopicRecord> records;
  rd_kafka_topic_t* const topic = rd_kafka_topic_new(committed_.get(), topic_.c_str(), nullptr);
  const std::int32_t count = partitions();
  for (std::int32_t i = 0; i < count; ++i) {
    read_partition(topic, i, end_of(uncommitted_.get(), topic_, i), records);
  }
  rd_kafka_topic_destroy(topic);
  return records;
}

std::uint64_t TopicReader::sum_of_ends(rd_kafka_s* client) const {
  std::uint64_t sum = 0;
  const std::int32_t count = partitions();
  for (std::int32_t i = 0; i < count; ++i) {
    sum += static_cast<std::uint64_t>(end_of(client, topic_, i));
  }
  return sum;
}

std::uint64_t TopicReader::written() const { return sum_of_ends(uncommitted_.get()); }

std::uint64_t TopicReader::readable() const { return sum_of_ends(committed_.get()); }

TopicCount count_records(const std::vector<TopicRecord>& records, std::uint64_t first,
                         std::uint64_t last) {
  TopicCount count;
  std::map<std::uint64_t, int> seen;
  std::map<std::string, std::uint64_t> last_of_key;
  for (const TopicRecord& record : records) {
    const std::uint64_t sequence = record.sequence();
    if (sequence < first || sequence > last) continue;
    ++count.arrived;
    ++seen[sequence];
    if (record.value != SampleStore::line(sequence)) ++count.wrong;
    std::uint64_t& before = last_of_key[record.key];
    if (before >= sequence) ++count.out_of_order;
    before = sequence;
  }
  count.unique = seen.size();
  count.lost = last + 1 - first - count.unique;
  for (const auto& [sequence, times] : seen) {
    if (times > 1) ++count.doubled;
  }
  return count;
}

void expect_exactly_once(const std::vector<TopicRecord>& records, std::uint64_t last) {
  const TopicCount count = count_records(records, 1, last);
  EXPECT_EQ(count.arrived, records.size()) << "others are there";
  EXPECT_EQ(count.lost, 0u);
  EXPECT_EQ(count.doubled, 0u);
  EXPECT_EQ(count.wrong, 0u);
  EXPECT_EQ(count.out_of_order, 0u);
}

}  // namespace tally::tests
