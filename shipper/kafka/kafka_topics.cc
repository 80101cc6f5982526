#include "shipper/kafka/kafka_topics.h"

#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "shipper/kafka/kafka_error.h"

namespace tally::shipper {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kAnswerWithin = 2000;  // milliseconds
/// A broker that is just starting, or has just been told of a topic, does not know of it.
constexpr std::chrono::seconds kMissingLasts{5};
constexpr std::chrono::seconds kCreatedWithin{30};

template <auto kFree>
struct Free {
  void operator()(auto* what) const noexcept { kFree(what); }
};
using Topic = std::unique_ptr<rd_kafka_topic_t, Free<&rd_kafka_topic_destroy>>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, Free<&rd_kafka_metadata_destroy>>;
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Free<&rd_kafka_NewTopic_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Free<&rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Free<&rd_kafka_event_destroy>>;
using AdminOptions = std::unique_ptr<rd_kafka_AdminOptions_t, Free<&rd_kafka_AdminOptions_destroy>>;

struct TopicPlan {
  std::string name;
  std::uint64_t partitions = 0;  ///< to make it with where it is missing; 0: it is not made
  bool compacted = false;
};

/// What a broker says of the topic; nothing: none answered.
std::optional<rd_kafka_resp_err_t> look_up(KafkaClient& client, const std::string& name) {
  const Topic topic(rd_kafka_topic_new(client.get(), name.c_str(), nullptr));
  if (topic == nullptr) return RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION;
  const rd_kafka_metadata_t* answer = nullptr;
  const auto error = rd_kafka_metadata(client.get(), 0, topic.get(), &answer, kAnswerWithin);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  const Metadata metadata(answer);
  if (metadata->topic_cnt != 1) return RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  return metadata->topics[0].err;
}

NewTopic described(const TopicPlan& plan) {
  std::array<char, 256> reason{};
  constexpr int kBrokersDefault = -1;
  NewTopic topic(rd_kafka_NewTopic_new(plan.name.c_str(), static_cast<int>(plan.partitions),
                                       kBrokersDefault, reason.data(), reason.size()));
  if (topic == nullptr || !plan.compacted) return topic;
  rd_kafka_NewTopic_set_config(topic.get(), "cleanup.policy", "compact");
  // The newest segment is never compacted: a small one keeps what is read at each start short.
  rd_kafka_NewTopic_set_config(topic.get(), "segment.ms", "600000");
  return topic;
}

Result<void> judge_creation(const TopicPlan& plan, rd_kafka_event_t* event) {
  const std::string what = "cannot create the topic " + plan.name;
  const int code = rd_kafka_event_error(event);
  if (code != 0) return kafka_error(code, what, rd_kafka_event_error_string(event));
  std::size_t count = 0;
  const auto* result = rd_kafka_event_CreateTopics_result(event);
  const auto** topics = rd_kafka_CreateTopics_result_topics(result, &count);
  if (count != 1) return Error{Errc::io, what};
  const auto error = rd_kafka_topic_result_error(topics[0]);
  if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) return ok();
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* reason = rd_kafka_topic_result_error_string(topics[0]);
    return kafka_error(error, what, reason == nullptr ? "" : reason);
  }
  spdlog::info("kafka: created the topic " + plan.name);
  return ok();
}

Result<void> create(KafkaClient& client, const TopicPlan& plan) {
  const NewTopic topic = described(plan);
  if (topic == nullptr) return Error{Errc::invalid, plan.name + ": no such topic can be created"};
  const AdminOptions options(
      rd_kafka_AdminOptions_new(client.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
  const Queue queue(rd_kafka_queue_new(client.get()));
  rd_kafka_NewTopic_t* topics[] = {topic.get()};
  rd_kafka_CreateTopics(client.get(), topics, 1, options.get(), queue.get());
  const auto within = std::chrono::milliseconds(kCreatedWithin).count();
  const Event event(rd_kafka_queue_poll(queue.get(), static_cast<int>(within)));
  if (event == nullptr) return Error{Errc::io, "no broker creates the topic " + plan.name};
  return judge_creation(plan, event.get());
}

Result<void> provide(KafkaClient& client, const TopicPlan& plan, const std::stop_token& stop) {
  std::optional<SteadyClock::time_point> missing_since;
  bool created = false;
  while (true) {
    const auto found = look_up(client, plan.name);
    if (found) client.got_through();
    if (found == RD_KAFKA_RESP_ERR_NO_ERROR) return ok();
    const bool missing = found == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (missing && plan.partitions > 0 && !created) {
      TALLY_TRY(create(client, plan));
      created = true;
      continue;
    }
    if (found && !missing_since) missing_since = SteadyClock::now();
    if (found && SteadyClock::now() - *missing_since >= kMissingLasts) {
      return kafka_error(*found, "topic " + plan.name, "");
    }
    TALLY_TRY(client.keep_trying(stop));
  }
}

}  // namespace

Result<void> provide_topics(KafkaClient& client, const KafkaSettings& settings,
                            const std::stop_token& stop) {
  TALLY_TRY(provide(client, {settings.topic, settings.create, false}, stop));
  if (settings.mode != KafkaMode::transactional) return ok();
  return provide(client, {settings.cursor_topic(), 1, true}, stop);
}

}  // namespace tally::shipper
