#include "ingest/kafka/group_offsets.h"

#include <librdkafka/rdkafka.h>

#include <cstring>
#include <utility>

#include "kafka/kafka_error.h"
#include "kafka/partition_reader.h"

namespace tally::ingest {
namespace {

constexpr int kAnswerWithin = 2000;  // milliseconds

struct DestroyList {
  void operator()(rd_kafka_topic_partition_list_t* list) const noexcept {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using List = std::unique_ptr<rd_kafka_topic_partition_list_t, DestroyList>;

struct DestroyEvent {
  void operator()(rd_kafka_event_t* event) const noexcept { rd_kafka_event_destroy(event); }
};
using Event = std::unique_ptr<rd_kafka_event_t, DestroyEvent>;

int first_error(const rd_kafka_topic_partition_list_t& list) {
  for (int i = 0; i < list.cnt; ++i) {
    if (list.elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) return list.elems[i].err;
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

GroupOffsets::ByPartition offsets_of(const rd_kafka_topic_partition_list_t& list) {
  GroupOffsets::ByPartition offsets;
  for (int i = 0; i < list.cnt; ++i) {
    const rd_kafka_topic_partition_t& element = list.elems[i];
    if (element.offset < 0) continue;
    const auto* const text = static_cast<const char*>(element.metadata);
    offsets[element.partition] = {element.offset,
                                  text == nullptr ? "" : std::string(text, element.metadata_size)};
  }
  return offsets;
}

/// librdkafka frees the text with free().
void set_metadata(rd_kafka_topic_partition_t& element, const std::string& text) {
  element.metadata = ::strdup(text.c_str());
  element.metadata_size = element.metadata == nullptr ? 0 : text.size();
}

}  // namespace

GroupOffsets::GroupOffsets(kafka::KafkaClient& client, std::string topic, std::string group)
    : client_(client),
      topic_(std::move(topic)),
      group_(std::move(group)),
      answers_(rd_kafka_queue_new(client.get())) {}

GroupOffsets::~GroupOffsets() = default;

void GroupOffsets::DestroyQueue::operator()(rd_kafka_queue_s* queue) const noexcept {
  rd_kafka_queue_destroy(queue);
}

Result<std::optional<GroupOffsets::ByPartition>> GroupOffsets::ask_once(
    const std::vector<std::int32_t>& partitions) {
  const List list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const std::int32_t partition : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), partition);
  }
  int error = rd_kafka_committed(client_.get(), list.get(), kAnswerWithin);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = first_error(*list);
  note_coordinator();
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    coordinator_error_ = 0;
    return offsets_of(*list);
  }
  if (coordinator_error_ != 0) error = coordinator_error_;
  Error refusal = refused(error);
  if (refusal.code != Errc::io) return refusal;
  client_.tell(std::move(refusal.context));
  return std::nullopt;
}

/// Why no coordinator of the group is found comes, once, where a member's records would.
void GroupOffsets::note_coordinator() {
  while (const kafka::Message message{rd_kafka_consumer_poll(client_.get(), 0)}) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) coordinator_error_ = message->err;
  }
}

Result<GroupOffsets::ByPartition> GroupOffsets::ask(const std::vector<std::int32_t>& partitions,
                                                    const std::stop_token& stop) {
  while (true) {
    TALLY_TRY(auto offsets, ask_once(partitions));
    if (offsets) {
      client_.got_through();
      return *std::move(offsets);
    }
    TALLY_TRY(client_.keep_trying(stop));
  }
}

void GroupOffsets::publish(const ByPartition& offsets) {
  const List list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
  for (const auto& [partition, offset] : offsets) {
    auto* const element = rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), partition);
    element->offset = offset.next;
    set_metadata(*element, offset.metadata);
  }
  outstanding_ = rd_kafka_commit_queue(client_.get(), list.get(), answers_.get(), nullptr,
                                       nullptr) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

Result<void> GroupOffsets::take_answer(std::chrono::milliseconds timeout) {
  if (!outstanding_) return ok();
  const Event event(rd_kafka_queue_poll(answers_.get(), static_cast<int>(timeout.count())));
  if (event == nullptr) return ok();
  outstanding_ = false;
  int error = rd_kafka_event_error(event.get());
  const auto* const list = rd_kafka_event_topic_partition_list(event.get());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR && list != nullptr) error = first_error(*list);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return ok();
  return refused(error);
}

Error GroupOffsets::refused(int code) const {
  return kafka::kafka_error(kafka::TopicUse::read, code, "offsets of the group " + group_, "");
}

}  // namespace tally::ingest
