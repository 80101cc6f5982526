#include "shipper/kafka/transactional_sink.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "kafka/kafka_client.h"
#include "kafka/kafka_error.h"
#include "shipper/kafka/client_reports.h"
#include "shipper/kafka/cursor_topic.h"
#include "shipper/kafka/delivery_window.h"
#include "shipper/kafka/kafka_topics.h"
#include "shipper/kafka/kafka_transaction.h"
#include "shipper/kafka/record_writer.h"
#include "shipper/kafka/topic_watch.h"
#include "shipper/sink_counters.h"
#include "store/event/event_lines.h"

namespace tally::shipper {
namespace {

using kafka::KafkaClient;
using kafka::KafkaProperties;
using SteadyClock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

/// Events that trickle in do not stay invisible, nor a transaction open until it times out.
constexpr std::chrono::seconds kTransactionLasts{1};
constexpr Milliseconds kClaimWithin{1000};

class TransactionalSink final : public Sink {
 public:
  TransactionalSink(const KafkaSettings& settings, const ShipperInstance& instance,
                    const SinkContext& context)
      : settings_(settings),
        instance_(instance),
        context_(context),
        key_(to_string(context.store) + "/" + context.name) {}

  Result<store::SinkState> begin(store::SinkState from) override;
  Result<bool> take(const store::Chunk& events) override;
  Result<void> flush() override;
  Result<std::optional<store::SinkState>> progress(Milliseconds timeout) override;
  SinkStats stats() const override { return counters_.stats(); }

 private:
  /// What the open transaction has.
  struct Content {
    SteadyClock::time_point since;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
  };

  Result<void> connect();
  Result<void> claim(Sequence next);
  Result<bool> put(const store::EventLine& event);
  Result<void> end();
  Result<bool> commit(Milliseconds timeout);
  Result<void> look_at_failures();
  Error ended_by(Error error);

  // Constant after construction.
  KafkaSettings settings_;
  ShipperInstance instance_;
  SinkContext context_;
  std::string key_;

  SinkCounters counters_;
  DeliveryWindow window_;
  ClientReports reports_{counters_, window_};
  std::unique_ptr<KafkaClient> producer_;
  std::optional<RecordWriter> writer_;
  std::optional<TopicWatch> watch_;
  std::optional<KafkaTransactions> transactions_;
  Content content_;
  bool ending_ = false;  ///< the open transaction is complete, and to be committed
  Sequence next_{};      ///< one past what was put last
};

KafkaProperties own_properties(const KafkaSettings& settings, const SinkContext& context) {
  KafkaProperties own = {
      {"transactional.id", "tally-" + to_string(context.store) + "-" + context.name},
      {"enable.idempotence", "true"},
      {"acks", "all"},
      // The writer bounds what waits, by more than librdkafka counts.
      {"queue.buffering.max.kbytes", std::to_string(settings.memory_bytes / 1024 + 1)},
      {"queue.buffering.max.messages", "0"}};
  // Where one of them is set, librdkafka makes the other one fit.
  if (!settings.properties.contains("transaction.timeout.ms") &&
      !settings.properties.contains("message.timeout.ms")) {
    own.insert({{"transaction.timeout.ms", "60000"}, {"message.timeout.ms", "50000"}});
  }
  return own;
}

Result<void> TransactionalSink::connect() {
  TALLY_TRY(producer_, KafkaClient::open(KafkaClient::Kind::producer, settings_,
                                         own_properties(settings_, context_), reports_));
  TALLY_TRY(const auto consumer,
            KafkaClient::open(KafkaClient::Kind::consumer, settings_, {}, reports_));
  TALLY_TRY(provide_topics(*consumer, settings_, context_.stop));
  writer_.emplace(producer_->get(), settings_.topic, context_.store, settings_.record_bytes(),
                  window_);
  watch_.emplace(*producer_, settings_.topic, window_);
  transactions_.emplace(*producer_);
  return transactions_->init(context_.stop);
}

Result<store::SinkState> TransactionalSink::begin(store::SinkState from) {
  TALLY_TRY(connect());
  TALLY_TRY(const auto record, read_cursor_topic(settings_, key_, reports_, context_.stop));
  const bool rewound = from.note == store::kRewoundNote;
  if (record && record->next && !rewound) from.next = *record->next;
  from.note.clear();
  TALLY_TRY(claim(from.next));
  return from;
}

/// Says in the cursor topic who ships now: whom this has fenced looks there.
Result<void> TransactionalSink::claim(Sequence next) {
  TALLY_TRY(transactions_->begin());
  TALLY_TRY(transactions_->put(settings_.cursor_topic(), key_, to_text({next, instance_})));
  while (true) {
    TALLY_TRY(const Progress progress, transactions_->commit(kClaimWithin));
    if (progress == Progress::done) return ok();
    TALLY_TRY(producer_->keep_trying(context_.stop));
  }
}

/// What there was room for of events that it then does not take is not put again.
Result<bool> TransactionalSink::take(const store::Chunk& events) {
  producer_->poll(Milliseconds{0});
  TALLY_TRY(look_at_failures());
  Result<bool> put_all = true;
  store::for_each_line(events, [&](const store::EventLine& event) {
    if (event.sequence < next_) return true;
    put_all = put(event);
    return put_all && put_all.value();
  });
  if (!put_all) return ended_by(put_all.error());
  return put_all;
}

Result<bool> TransactionalSink::put(const store::EventLine& event) {
  if (ending_) return false;
  if (!transactions_->open()) {
    TALLY_TRY(transactions_->begin());
    content_ = {SteadyClock::now(), 0, 0};
  }
  TALLY_TRY(const bool put, writer_->put(event));
  if (!put) return false;
  next_ = advance(event.sequence, 1);
  ++content_.events;
  content_.bytes += event.line.size() + 1;
  if (content_.events >= settings_.transaction_events ||
      content_.bytes >= settings_.transaction_bytes) {
    TALLY_TRY(end());
  }
  return true;
}

Result<void> TransactionalSink::flush() {
  if (!transactions_->open() || ending_) return ok();
  const auto ended = end();
  if (!ended) return ended_by(ended.error());
  return ok();
}

/// Its last record says how far it goes.
Result<void> TransactionalSink::end() {
  ending_ = true;
  return transactions_->put(settings_.cursor_topic(), key_, to_text({next_, instance_}));
}

Result<std::optional<store::SinkState>> TransactionalSink::progress(Milliseconds timeout) {
  producer_->poll(Milliseconds{0});
  TALLY_TRY(look_at_failures());
  const bool old = transactions_->open() && SteadyClock::now() - content_.since > kTransactionLasts;
  if (old) {
    TALLY_TRY(flush());
  }
  std::optional<store::SinkState> arrived;
  if (timeout <= Milliseconds{0}) return arrived;
  TALLY_TRY(watch_->look(timeout));
  if (ending_) {
    TALLY_TRY(const bool committed, commit(timeout));
    if (committed) arrived = store::SinkState{next_, ""};
  } else if (!window_.empty()) {
    producer_->poll(timeout);
  }
  return arrived;
}

Result<bool> TransactionalSink::commit(Milliseconds timeout) {
  const auto committed = transactions_->commit(timeout);
  if (!committed) return ended_by(committed.error());
  if (committed.value() != Progress::done) return false;
  ending_ = false;
  counters_.delivered(content_.events, content_.bytes);
  return true;
}

Result<void> TransactionalSink::look_at_failures() {
  if (window_.failure()) return ended_by(*window_.failure());
  return ok();
}

/// The first record that failed knows the reason better than the call that failed after it. Who is
/// fenced looks into the cursor topic: where its own instance stands, the transaction had only
/// lasted too long, and all begins anew; where another's stands, two of us would fence each other
/// for ever.
Error TransactionalSink::ended_by(Error error) {
  const bool fenced = transactions_->fenced() || kafka::is_fenced(producer_->fatal_code());
  if (!fenced) return window_.failure().value_or(std::move(error));
  const auto record = read_cursor_topic(settings_, key_, reports_, context_.stop);
  if (!record || !record.value()) return {Errc::io, std::move(error.context)};
  const ShipperInstance& other = record.value()->instance;
  if (other.id == instance_.id) return {Errc::io, std::move(error.context)};
  return {Errc::held, "another process ships as \"" + context_.name +
                          "\" of this store: " + other.by + " (instance " + other.id + ")"};
}

}  // namespace

Result<std::unique_ptr<Sink>> make_transactional_sink(const KafkaSettings& settings,
                                                      const ShipperInstance& instance,
                                                      const SinkContext& context) {
  return std::make_unique<TransactionalSink>(settings, instance, context);
}

}  // namespace tally::shipper
