#include "shipper/kafka/topic_watch.h"

#include <librdkafka/rdkafka.h>

#include <utility>

#include "kafka/kafka_error.h"
#include "kafka/topic_query.h"

namespace tally::shipper {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kQuiet{2};

}  // namespace

TopicWatch::TopicWatch(kafka::KafkaClient& producer, std::string topic,
                       const DeliveryWindow& window)
    : producer_(&producer), topic_(std::move(topic)), window_(&window) {}

Result<void> TopicWatch::look(std::chrono::milliseconds timeout) {
  const DeliveryWindow::Ticket oldest = window_->empty() ? 0 : window_->oldest();
  const bool moves = oldest == 0 || oldest != std::exchange(oldest_, oldest);
  if (moves) since_ = SteadyClock::now();
  if (moves || timeout.count() <= 0 || SteadyClock::now() - since_ < kQuiet) return ok();
  const auto found = kafka::describe_topic(*producer_, topic_, timeout);
  since_ = SteadyClock::now();
  if (!found || found->error != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return ok();
  return kafka::kafka_error(kafka::TopicUse::write, found->error, "topic " + topic_, "");
}

}  // namespace tally::shipper
