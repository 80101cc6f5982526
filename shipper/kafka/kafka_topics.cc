#include "shipper/kafka/kafka_topics.h"

#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "kafka/kafka_error.h"
#include "kafka/topic_query.h"

namespace tally::shipper {
namespace {

using kafka::kafka_error;
using kafka::KafkaClient;
using kafka::TopicUse;
using SteadyClock = std::chrono::steady_clock;

/// A broker that is just starting, or has just been told of a topic, does not know of it.
constexpr std::chrono::seconds kMissingLasts{5};
constexpr std::chrono::seconds kCreatedWithin{30};
constexpr int kLookForStop = 200;  // milliseconds

template <auto kFree>
struct Free {
  void operator()(auto* what) const noexcept { kFree(what); }
};
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Free<&rd_kafka_NewTopic_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Free<&rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Free<&rd_kafka_event_destroy>>;
using AdminOptions = std::unique_ptr<rd_kafka_AdminOptions_t, Free<&rd_kafka_AdminOptions_destroy>>;

struct TopicPlan {
  std::string name;
  std::uint64_t partitions = 0;  ///< to make it with where it is missing; 0: it is not made
  bool compacted = false;
};

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
  if (code != 0)
    return kafka_error(TopicUse::write, code, what, rd_kafka_event_error_string(event));
  std::size_t count = 0;
  const auto* result = rd_kafka_event_CreateTopics_result(event);
  const auto** topics = rd_kafka_CreateTopics_result_topics(result, &count);
  if (count != 1) return Error{Errc::io, what};
  const auto error = rd_kafka_topic_result_error(topics[0]);
  if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) return ok();
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* reason = rd_kafka_topic_result_error_string(topics[0]);
    return kafka_error(TopicUse::write, error, what, reason == nullptr ? "" : reason);
  }
  spdlog::info("kafka: created the topic " + plan.name);
  return ok();
}

/// Nothing: it takes too long, or a stop was asked for.
Event wait_for_answer(rd_kafka_queue_t* queue, const std::stop_token& stop) {
  const auto deadline = SteadyClock::now() + kCreatedWithin;
  Event event;
  while (event == nullptr && SteadyClock::now() < deadline && !stop.stop_requested()) {
    event.reset(rd_kafka_queue_poll(queue, kLookForStop));
  }
  return event;
}

Result<void> create(KafkaClient& client, const TopicPlan& plan, const std::stop_token& stop) {
  const NewTopic topic = described(plan);
  if (topic == nullptr) return Error{Errc::invalid, plan.name + ": no such topic can be created"};
  const AdminOptions options(
      rd_kafka_AdminOptions_new(client.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
  const Queue queue(rd_kafka_queue_new(client.get()));
  rd_kafka_NewTopic_t* topics[] = {topic.get()};
  rd_kafka_CreateTopics(client.get(), topics, 1, options.get(), queue.get());
  const Event event = wait_for_answer(queue.get(), stop);
  if (event == nullptr) return Error{Errc::io, "no broker creates the topic " + plan.name};
  return judge_creation(plan, event.get());
}

Result<void> provide(KafkaClient& client, const TopicPlan& plan, const std::stop_token& stop) {
  std::optional<SteadyClock::time_point> missing_since;
  bool created = false;
  while (true) {
    const auto found = kafka::describe_topic(client, plan.name);
    const bool there = found && found->error == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (there || (found && !missing_since)) client.got_through();
    if (there) return ok();
    const bool missing = found && found->error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (missing && plan.partitions > 0 && !created) {
      TALLY_TRY(create(client, plan, stop));
      created = true;
      continue;
    }
    if (found && !missing_since) {
      missing_since = SteadyClock::now();
      client.tell(kafka_error(TopicUse::write, found->error, "topic " + plan.name, "").context);
    }
    if (found && SteadyClock::now() - *missing_since >= kMissingLasts) {
      return kafka_error(TopicUse::write, found->error, "topic " + plan.name, "");
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
