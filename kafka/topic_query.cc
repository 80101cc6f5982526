#include "kafka/topic_query.h"

#include <librdkafka/rdkafka.h>

#include <memory>

#include "kafka/kafka_error.h"

namespace tally::kafka {
namespace {

constexpr std::chrono::milliseconds kDescribedWithin{2000};
constexpr int kOffsetsWithin = 1000;  // milliseconds

template <auto kFree>
struct Free {
  void operator()(auto* what) const noexcept { kFree(what); }
};
using Topic = std::unique_ptr<rd_kafka_topic_t, Free<&rd_kafka_topic_destroy>>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, Free<&rd_kafka_metadata_destroy>>;

}  // namespace

std::optional<TopicDescription> describe_topic(KafkaClient& client, const std::string& topic) {
  return describe_topic(client, topic, kDescribedWithin);
}

std::optional<TopicDescription> describe_topic(KafkaClient& client, const std::string& topic,
                                               std::chrono::milliseconds within) {
  const Topic handle(rd_kafka_topic_new(client.get(), topic.c_str(), nullptr));
  if (handle == nullptr) return TopicDescription{RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, 0};
  const rd_kafka_metadata_t* answer = nullptr;
  const auto error =
      rd_kafka_metadata(client.get(), 0, handle.get(), &answer, static_cast<int>(within.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  const Metadata metadata(answer);
  if (metadata->topic_cnt != 1) return TopicDescription{RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, 0};
  return TopicDescription{metadata->topics[0].err, metadata->topics[0].partition_cnt};
}

std::string cluster_id(KafkaClient& client) {
  char* const id = rd_kafka_clusterid(client.get(), static_cast<int>(kDescribedWithin.count()));
  if (id == nullptr) return {};
  std::string text = id;
  rd_kafka_mem_free(client.get(), id);
  return text;
}

Result<PartitionOffsets> ask_for_offsets(KafkaClient& client, const std::string& topic,
                                         std::int32_t partition, const std::stop_token& stop) {
  while (true) {
    PartitionOffsets offsets;
    const auto error = rd_kafka_query_watermark_offsets(
        client.get(), topic.c_str(), partition, &offsets.begin, &offsets.end, kOffsetsWithin);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      client.got_through();
      return offsets;
    }
    if (error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
      return kafka_error(TopicUse::read, error, topic, "");
    }
    TALLY_TRY(client.keep_trying(stop));
  }
}

}  // namespace tally::kafka
