#include "shipper/kafka/idempotent_sink.h"

#include <optional>
#include <string>
#include <utility>

#include "kafka/kafka_client.h"
#include "kafka/kafka_error.h"
#include "shipper/kafka/client_reports.h"
#include "shipper/kafka/delivery_window.h"
#include "shipper/kafka/kafka_topics.h"
#include "shipper/kafka/record_writer.h"
#include "shipper/kafka/topic_watch.h"
#include "shipper/sink_counters.h"
#include "store/event/event_lines.h"

namespace tally::shipper {
namespace {

using kafka::KafkaClient;
using kafka::KafkaProperties;
using Milliseconds = std::chrono::milliseconds;

class IdempotentSink final : public Sink {
 public:
  IdempotentSink(const KafkaSettings& settings, const SinkContext& context)
      : settings_(settings), context_(context) {}

  Result<store::SinkState> begin(store::SinkState from) override;
  Result<bool> take(const store::Chunk& events) override;
  /// Records wait no longer than linger.ms anyway.
  Result<void> flush() override { return ok(); }
  Result<std::optional<store::SinkState>> progress(Milliseconds timeout) override;
  SinkStats stats() const override { return counters_.stats(); }

 private:
  Result<void> look_at_failures() const;

  // Constant after construction.
  KafkaSettings settings_;
  SinkContext context_;

  SinkCounters counters_;
  DeliveryWindow window_;
  ClientReports reports_{counters_, window_};
  std::unique_ptr<KafkaClient> producer_;
  std::optional<RecordWriter> writer_;
  std::optional<TopicWatch> watch_;
  Sequence next_{};  ///< one past what was put last
};

KafkaProperties own_properties(const KafkaSettings& settings) {
  KafkaProperties own = {
      {"enable.idempotence", "true"},
      {"acks", "all"},
      {"queue.buffering.max.kbytes", std::to_string(settings.memory_bytes / 1024 + 1)},
      {"queue.buffering.max.messages", "0"}};
  // Never: the store keeps what has not arrived.
  if (!settings.properties.contains("message.timeout.ms")) own.emplace("message.timeout.ms", "0");
  return own;
}

Result<store::SinkState> IdempotentSink::begin(store::SinkState from) {
  TALLY_TRY(producer_, KafkaClient::open(KafkaClient::Kind::producer, settings_,
                                         own_properties(settings_), reports_));
  TALLY_TRY(const auto consumer,
            KafkaClient::open(KafkaClient::Kind::consumer, settings_, {}, reports_));
  TALLY_TRY(provide_topics(*consumer, settings_, context_.stop));
  writer_.emplace(producer_->get(), settings_.topic, context_.store, settings_.record_bytes(),
                  window_);
  watch_.emplace(*producer_, settings_.topic, window_);
  from.note.clear();
  return from;
}

/// What there was room for of events that it then does not take is not put again.
Result<bool> IdempotentSink::take(const store::Chunk& events) {
  producer_->poll(Milliseconds{0});
  TALLY_TRY(look_at_failures());
  Result<bool> put = true;
  store::for_each_line(events, [&](const store::EventLine& event) {
    if (event.sequence < next_) return true;
    put = writer_->put(event);
    if (!put || !put.value()) return false;
    next_ = advance(event.sequence, 1);
    return true;
  });
  return put;
}

Result<std::optional<store::SinkState>> IdempotentSink::progress(Milliseconds timeout) {
  producer_->poll(window_.empty() ? Milliseconds{0} : timeout);
  TALLY_TRY(look_at_failures());
  const auto confirmed = window_.take_confirmed();
  if (!confirmed) {
    TALLY_TRY(watch_->look(timeout));
    return std::optional<store::SinkState>();
  }
  producer_->got_through();
  counters_.delivered(confirmed->events, confirmed->bytes);
  return std::optional(store::SinkState{confirmed->next, ""});
}

Result<void> IdempotentSink::look_at_failures() const {
  if (window_.failure()) return *window_.failure();
  const int fatal = producer_->fatal_code();
  if (fatal != 0)
    return kafka::kafka_error(kafka::TopicUse::write, fatal, settings_.topic,
                              producer_->fatal_text());
  return ok();
}

}  // namespace

Result<std::unique_ptr<Sink>> make_idempotent_sink(const KafkaSettings& settings,
                                                   const SinkContext& context) {
  return std::make_unique<IdempotentSink>(settings, context);
}

}  // namespace tally::shipper
