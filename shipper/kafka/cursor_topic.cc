#include "shipper/kafka/cursor_topic.h"

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <string_view>

#include "kafka/kafka_error.h"
#include "kafka/partition_reader.h"
#include "kafka/topic_query.h"

namespace tally::shipper {
namespace {

using kafka::KafkaClient;

constexpr std::int32_t kPartition = 0;
constexpr std::chrono::milliseconds kAnswerWithin{1000};

/// Where the topic ends, whatever transactions are open.
Result<kafka::PartitionOffsets> ask_for_end(const KafkaSettings& settings,
                                            kafka::ClientObserver& observer,
                                            const std::stop_token& stop) {
  TALLY_TRY(const auto client,
            KafkaClient::open(KafkaClient::Kind::consumer, settings,
                              {{"isolation.level", "read_uncommitted"}}, observer));
  return kafka::ask_for_offsets(*client, settings.cursor_topic(), kPartition, stop);
}

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
                                                      kafka::ClientObserver& observer,
                                                      const std::stop_token& stop) {
  TALLY_TRY(const auto offsets, ask_for_end(settings, observer, stop));
  std::optional<CursorRecord> newest;
  if (offsets.begin >= offsets.end) return newest;
  TALLY_TRY(const auto client, KafkaClient::open(KafkaClient::Kind::consumer, settings,
                                                 {{"isolation.level", "read_committed"},
                                                  {"enable.partition.eof", "true"},
                                                  {"fetch.wait.max.ms", "50"}},
                                                 observer));
  const std::string topic = settings.cursor_topic();
  kafka::PartitionReader reader(*client, topic, kPartition);
  TALLY_TRY(reader.start(offsets.begin));
  while (true) {
    const kafka::Message message = reader.next(kAnswerWithin);
    if (message == nullptr) {
      TALLY_TRY(client->keep_trying(stop));
      continue;
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      TALLY_TRY(take_record(*message, key, newest));
    } else if (message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      return kafka::kafka_error(kafka::TopicUse::write, message->err, topic,
                                rd_kafka_message_errstr(message.get()));
    }
    client->got_through();
    const bool eof = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (message->offset + (eof ? 0 : 1) >= offsets.end) return newest;
    // An open transaction's begin counts as the end: what lies behind it comes when it has ended.
    if (eof) client->tell("waits for a transaction that another has open in " + topic);
  }
}

}  // namespace tally::shipper
