#include "shipper/kafka/cursor_topic.h"

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string_view>

#include "shipper/kafka/kafka_error.h"

namespace tally::shipper {
namespace {

constexpr int kPartition = 0;
constexpr int kAnswerWithin = 1000;  // milliseconds

struct Offsets {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

struct FreeTopic {
  void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
};
struct FreeMessage {
  void operator()(rd_kafka_message_t* message) const noexcept { rd_kafka_message_destroy(message); }
};
using Message = std::unique_ptr<rd_kafka_message_t, FreeMessage>;

/// Where the topic ends, whatever transactions are open: asked as one that reads committed only,
/// brokers name the first open transaction's begin instead.
Result<Offsets> ask_for_offsets(const KafkaSettings& settings, SinkCounters& counters,
                                const std::stop_token& stop) {
  TALLY_TRY(const auto client,
            KafkaClient::open(KafkaClient::Kind::consumer, settings,
                              {{"isolation.level", "read_uncommitted"}}, {&counters}));
  const std::string topic = settings.cursor_topic();
  while (true) {
    Offsets offsets;
    const auto error = rd_kafka_query_watermark_offsets(
        client->get(), topic.c_str(), kPartition, &offsets.begin, &offsets.end, kAnswerWithin);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      client->got_through();
      return offsets;
    }
    if (error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) return kafka_error(error, topic, "");
    TALLY_TRY(client->keep_trying(stop));
  }
}

/// Reads one partition from `begin` on, without a consumer group: that would need rights of its
/// own.
class PartitionReader {
 public:
  PartitionReader(KafkaClient& client, const std::string& topic)
      : topic_(rd_kafka_topic_new(client.get(), topic.c_str(), nullptr)) {}
  ~PartitionReader() {
    if (started_) rd_kafka_consume_stop(topic_.get(), kPartition);
  }
  PartitionReader(const PartitionReader&) = delete;
  PartitionReader& operator=(const PartitionReader&) = delete;

  Result<void> start(std::int64_t begin) {
    started_ = rd_kafka_consume_start(topic_.get(), kPartition, begin) == 0;
    if (started_) return ok();
    return kafka_error(rd_kafka_last_error(), rd_kafka_topic_name(topic_.get()), "");
  }

  Message next() { return Message(rd_kafka_consume(topic_.get(), kPartition, kAnswerWithin)); }

 private:
  std::unique_ptr<rd_kafka_topic_t, FreeTopic> topic_;
  bool started_ = false;
};

std::string_view view(const void* bytes, std::size_t size) {
  return {static_cast<const char*>(bytes), size};
}

Result<void> take_record(const rd_kafka_message_t& message, const std::string& key,
                         std::optional<CursorRecord>& newest) {
  if (view(message.key, message.key_len) != key) return ok();
  newest = parse_cursor_record(view(message.payload, message.len));
  if (newest) return ok();
  return Error{Errc::corruption, "the cursor topic's record at offset " +
                                     std::to_string(message.offset) +
                                     " cannot be understood: write one that can, with key " + key};
}

}  // namespace

Result<std::optional<CursorRecord>> read_cursor_topic(const KafkaSettings& settings,
                                                      const std::string& key,
                                                      SinkCounters& counters,
                                                      const std::stop_token& stop) {
  TALLY_TRY(const Offsets offsets, ask_for_offsets(settings, counters, stop));
  std::optional<CursorRecord> newest;
  if (offsets.begin >= offsets.end) return newest;
  TALLY_TRY(const auto client, KafkaClient::open(KafkaClient::Kind::consumer, settings,
                                                 {{"isolation.level", "read_committed"},
                                                  {"enable.partition.eof", "true"},
                                                  {"fetch.wait.max.ms", "50"}},
                                                 {&counters}));
  const std::string topic = settings.cursor_topic();
  PartitionReader reader(*client, topic);
  TALLY_TRY(reader.start(offsets.begin));
  while (true) {
    const Message message = reader.next();
    if (message == nullptr) {
      TALLY_TRY(client->keep_trying(stop));
      continue;
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      TALLY_TRY(take_record(*message, key, newest));
    } else if (message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      return kafka_error(message->err, topic, rd_kafka_message_errstr(message.get()));
    }
    client->got_through();
    const bool eof = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (message->offset + (eof ? 0 : 1) >= offsets.end) return newest;
    // An open transaction's begin counts as the end: what lies behind it comes when it has ended.
    if (eof) client->tell("waits for a transaction that another has open in " + topic);
  }
}

}  // namespace tally::shipper
