#include "shipper/kafka/kafka_transaction.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <utility>

#include "kafka/kafka_error.h"
#include "shipper/kafka/record_parts.h"

namespace tally::shipper {
namespace {

using kafka::kafka_error;
using kafka::KafkaFailure;
using kafka::TopicUse;

constexpr int kInitWithin = 1000;  // milliseconds, then it is called again
constexpr int kEndWithin = 1000;   // milliseconds

}  // namespace

KafkaTransactions::~KafkaTransactions() {
  if (!open_ || producer_->fatal_code() != 0) return;
  rd_kafka_t* const producer = producer_->get();
  const KafkaFailure given_up(committing_ ? rd_kafka_commit_transaction(producer, kEndWithin)
                                          : rd_kafka_abort_transaction(producer, kEndWithin));
}

Result<void> KafkaTransactions::init(const std::stop_token& stop) {
  while (true) {
    const KafkaFailure failure(rd_kafka_init_transactions(producer_->get(), kInitWithin));
    if (!failure) break;
    if (!failure.retriable()) return failed(failure.code(), "transactions", failure.text());
    TALLY_TRY(producer_->keep_trying(stop));
  }
  producer_->got_through();
  return ok();
}

Result<void> KafkaTransactions::begin() {
  const KafkaFailure failure(rd_kafka_begin_transaction(producer_->get()));
  if (failure) return failed(failure.code(), "cannot begin a transaction", failure.text());
  open_ = true;
  committing_ = false;
  return ok();
}

Result<void> KafkaTransactions::put(const std::string& topic, const std::string& key,
                                    const std::string& value) {
  const std::array<rd_kafka_vu_t, 5> parts = {topic_name_part(topic.c_str()), partition_part(0),
                                              copy_part(), bytes_part(RD_KAFKA_VTYPE_KEY, key),
                                              bytes_part(RD_KAFKA_VTYPE_VALUE, value)};
  const KafkaFailure failure(rd_kafka_produceva(producer_->get(), parts.data(), parts.size()));
  if (failure) return failed(failure.code(), topic.c_str(), failure.text());
  return ok();
}

Result<Progress> KafkaTransactions::commit(std::chrono::milliseconds timeout) {
  committing_ = true;
  const KafkaFailure failure(
      rd_kafka_commit_transaction(producer_->get(), static_cast<int>(timeout.count())));
  if (!failure) {
    open_ = false;
    producer_->got_through();
    return Progress::done;
  }
  if (failure.retriable()) {
    if (!failure.timed_out()) wait_out(failure.text(), timeout);
    return Progress::under_way;
  }
  return failed(failure.code(), "cannot commit a transaction", failure.text());
}

/// What has failed at once would do so again.
void KafkaTransactions::wait_out(std::string trouble, std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds kMost{100};
  producer_->tell(std::move(trouble));
  producer_->poll(std::min(timeout, kMost));
}

/// A fatal error hides behind those of the calls that come after it.
Error KafkaTransactions::failed(int code, const char* what, const std::string& text) {
  const int fatal = producer_->fatal_code();
  fenced_ = kafka::is_fenced(code) || kafka::is_fenced(fatal);
  if (fatal != 0) return kafka_error(TopicUse::write, fatal, what, producer_->fatal_text());
  return kafka_error(TopicUse::write, code, what, text);
}

}  // namespace tally::shipper
